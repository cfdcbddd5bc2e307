package io.tallystick.tests.sim;

import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.Ballot;
import io.tallystick.bft.message.PeerMessage.BundleBody;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lies that only a primary gets anything out of. */
final class PrimaryLies {
  private PrimaryLies() {}

  /** His votes, in the place of those for what he really proposed. */
  private static PeerMessage mapped(Forge forge, Ballot ballot, Map<Digest, Digest> others) {
    if (!forge.isOwn(ballot.vote())) {
      return ballot;
    }
    Vote vote = ballot.vote().statement();
    boolean changed = false;
    List<SlotDigest> slots = new ArrayList<>();
    for (SlotDigest slot : vote.slots()) {
      Digest other = others.get(slot.batch());
      changed |= other != null;
      slots.add(other == null ? slot : new SlotDigest(slot.seq(), other));
    }
    return changed
        ? new Ballot(
            forge.sign(new Vote(vote.phase(), vote.replica(), vote.epoch(), vote.view(), slots)))
        : ballot;
  }

  /** Tells two stories. */
  static final class Equivocating implements Lie {
    private final Forge forge;
    private final Conspiracy conspiracy;

    Equivocating(Forge forge, Conspiracy conspiracy) {
      this.forge = forge;
      this.conspiracy = conspiracy;
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      if (!conspiracy.hearsOther(to)) {
        out.send(to, message);
        return;
      }
      switch (message) {
        case PrePrepare proposal when forge.isOwn(proposal.vote()) ->
            out.send(to, forge.proposal(proposal, conspiracy::other));
        case Ballot ballot when forge.isOwn(ballot.vote()) -> {
          Map<Digest, Digest> others = new LinkedHashMap<>();
          for (SlotDigest slot : ballot.vote().statement().slots()) {
            Digest other = conspiracy.other(slot.batch());
            if (other != null) {
              others.put(slot.batch(), other);
            }
          }
          out.send(to, mapped(forge, ballot, others));
        }
        default -> out.send(to, message);
      }
    }
  }

  /** Proposes with times far from now, and votes for that. */
  static final class WrongTime implements Lie {
    private final Forge forge;
    private final long offMicros;
    private final Map<Digest, Digest> others = new LinkedHashMap<>();
    private @Nullable PeerMessage lastOriginal;
    private @Nullable PeerMessage lastChanged;

    WrongTime(Forge forge) {
      this.forge = forge;
      this.offMicros =
          forge.dice().of(3_600_000_000L, -3_600_000_000L, 1_900_000L, 2_600_000L, -1_500_000L);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very message, on its way to each peer
    public void sends(int to, PeerMessage message, Sink out) {
      if (message != lastOriginal) {
        lastOriginal = message;
        lastChanged =
            switch (message) {
              case PrePrepare proposal when forge.isOwn(proposal.vote()) ->
                  forge.proposal(proposal, this::changed);
              case Ballot ballot -> mapped(forge, ballot, others);
              default -> message;
            };
      }
      PeerMessage changed = lastChanged;
      out.send(to, changed == null ? message : changed);
    }

    private Batch changed(Batch batch) {
      if (batch.isNull()) {
        return batch;
      }
      Batch other = new Batch(Math.max(1, batch.timestampMicros() + offMicros), batch.bundles());
      others.put(batch.digest(), other.digest());
      if (others.size() > 1_024) {
        others.remove(others.keySet().iterator().next());
      }
      return other;
    }
  }

  /** Doesn't hear one client. */
  static final class Censoring implements Lie {
    private final Forge forge;
    private final int victim;

    Censoring(Forge forge) {
      this.forge = forge;
      this.victim = forge.dice().below(Setting.CLIENTS);
    }

    @Override
    public boolean hears(int client, Ask ask) {
      return client != victim || !(ask instanceof Submit);
    }

    @Override
    public boolean hears(int from, PeerMessage message, Sink out) {
      return !(message instanceof BundleBody(var bundle)
          && bundle.client().equals(forge.cluster().setting().client(victim)));
    }
  }
}
