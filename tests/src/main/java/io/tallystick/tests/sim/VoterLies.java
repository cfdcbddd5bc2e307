package io.tallystick.tests.sim;

import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.Ballot;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.StableProof;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Lies of whoever votes. */
final class VoterLies {
  private VoterLies() {}

  /** Says nothing: to nobody, to some, or now and then. */
  static final class Silent implements Lie {
    private final Forge forge;
    private final int manner;

    Silent(Forge forge) {
      this.forge = forge;
      this.manner = forge.dice().below(3);
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      boolean said =
          switch (manner) {
            case 0 -> false;
            case 1 -> (to + forge.index()) % 2 == 0;
            default -> forge.dice().below(2) == 0;
          };
      if (said) {
        out.send(to, message);
      }
    }
  }

  /** Says everything late. */
  static final class Slow implements Lie {
    private final Forge forge;
    private final long micros;

    Slow(Forge forge) {
      this.forge = forge;
      long timeout = forge.cluster().setting().parameters().viewTimeoutMillis() * 1_000L;
      this.micros = timeout * forge.dice().of(1, 4, 8, 9) / 10;
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      forge.cluster().agenda().after(micros, () -> out.send(to, message));
    }
  }

  /** Speaks to a quorum of others at most, always the same. */
  static final class Partial implements Lie {
    private final boolean[] hears;

    Partial(Forge forge) {
      hears = new boolean[forge.n()];
      for (int i = 0; i < forge.dice().below(forge.n()); i++) {
        hears[forge.peer()] = true;
      }
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      if (hears[to]) {
        out.send(to, message);
      }
    }
  }

  /** Says again what anybody said, later, to anybody. */
  static final class Replaying implements Lie {
    private final Forge forge;
    private final List<PeerMessage> kept = new ArrayList<>();

    Replaying(Forge forge) {
      this.forge = forge;
    }

    private void keep(PeerMessage message) {
      if (kept.size() < 256) {
        kept.add(message);
      } else if (forge.dice().below(4) == 0) {
        kept.set(forge.dice().below(256), message);
      }
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      keep(message);
      out.send(to, message);
    }

    @Override
    public boolean hears(int from, PeerMessage message, Sink out) {
      keep(message);
      return true;
    }

    @Override
    public void tick(Sink out) {
      for (int i = 0; i < 4 && !kept.isEmpty(); i++) {
        out.send(forge.peer(), kept.get(forge.dice().below(kept.size())));
      }
    }
  }

  /** Signs a little beside what it should. */
  static final class Mutating implements Lie {
    private final Forge forge;
    private Digest lastDigest = Digest.ZERO;

    Mutating(Forge forge) {
      this.forge = forge;
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      boolean own = message instanceof Ballot(var vote) && forge.isOwn(vote);
      out.send(to, own && forge.dice().below(4) == 0 ? mutated((Ballot) message) : message);
    }

    private PeerMessage mutated(Ballot ballot) {
      Vote vote = ballot.vote().statement();
      int what = forge.dice().below(5);
      VotePhase phase =
          what != 0
              ? vote.phase()
              : vote.phase() == VotePhase.PREPARE ? VotePhase.COMMIT : VotePhase.PREPARE;
      long view = what == 1 ? Math.max(0, vote.view() + forge.dice().of(-1, 1)) : vote.view();
      long epoch = what == 2 ? vote.epoch() + 1 : vote.epoch();
      List<SlotDigest> slots = new ArrayList<>();
      for (SlotDigest slot : vote.slots()) {
        long seq = what == 3 ? slot.seq() + 1 : slot.seq();
        slots.add(new SlotDigest(seq, what == 4 ? lastDigest : slot.batch()));
        lastDigest = slot.batch();
      }
      return new Ballot(forge.sign(new Vote(phase, vote.replica(), epoch, view, slots)));
    }
  }

  /** Prepares and commits whatever anybody proposes, without looking. */
  static final class Eager implements Lie {
    private final Forge forge;

    Eager(Forge forge) {
      this.forge = forge;
    }

    @Override
    public boolean hears(int from, PeerMessage message, Sink out) {
      if (message instanceof PrePrepare proposal) {
        votes(proposal, out);
      }
      if (message instanceof Ballot(var vote) && !forge.isOwn(vote)) {
        // Whatever a correct replica prepared gets his commit, and only that replica hears it.
        Vote said = vote.statement();
        Vote mine =
            new Vote(VotePhase.COMMIT, forge.self(), said.epoch(), said.view(), said.slots());
        if (said.phase() == VotePhase.PREPARE) {
          out.send(from, new Ballot(forge.sign(prepare(mine))));
          out.send(from, new Ballot(forge.sign(mine)));
        }
      }
      return true;
    }

    private static Vote prepare(Vote vote) {
      return new Vote(VotePhase.PREPARE, vote.replica(), vote.epoch(), vote.view(), vote.slots());
    }

    private void votes(PrePrepare proposal, Sink out) {
      Vote vote = proposal.vote().statement();
      for (int i = 0; i < vote.slots().size(); i++) {
        Batch batch = proposal.batches().get(i);
        long seq = vote.slots().get(i).seq();
        forge.toAll(forge.ballot(VotePhase.PREPARE, vote.view(), seq, batch), out);
        forge.toAll(forge.ballot(VotePhase.COMMIT, vote.view(), seq, batch), out);
      }
    }
  }

  /** Votes and checkpoints far ahead. */
  static final class FarFuture implements Lie {
    private final Forge forge;
    private long step;

    FarFuture(Forge forge) {
      this.forge = forge;
    }

    @Override
    public void tick(Sink out) {
      step++;
      long seq = forge.dice().of(1L << 20, 1L << 40, Long.MAX_VALUE / 2) + step;
      long view = forge.dice().of(0L, 1L, 1L << 20, 1L << 50) + step;
      Batch batch = new Batch(Setting.GENESIS_MICROS, List.of());
      forge.toAll(forge.ballot(VotePhase.PREPARE, view, seq, batch), out);
      forge.toAll(forge.ballot(VotePhase.COMMIT, view, 1 + step % 50, batch), out);
      forge.toAll(forge.viewChange(view, List.of(), List.of()), out);
      TreeHead head = new TreeHead(seq, Digest.ZERO);
      Checkpoint checkpoint = new Checkpoint(forge.self(), 0, seq, head, Digest.ZERO);
      forge.toAll(new PeerMessage.CheckpointVote(forge.sign(checkpoint)), out);
      forge.toAll(forge.head(head, step), out);
      forge.toAll(
          new PeerMessage.Status(
              forge.self(),
              0,
              view,
              seq,
              seq,
              List.of(),
              new PeerMessage.Standing(true, -1 >>> 28)),
          out);
    }
  }

  /** Speaks in others' names, and puts certificates together that nobody signed. */
  static final class Forging implements Lie {
    private final Forge forge;

    Forging(Forge forge) {
      this.forge = forge;
    }

    @Override
    public boolean hears(int from, PeerMessage message, Sink out) {
      if (forge.dice().below(8) > 0) {
        return true;
      }
      switch (message) {
        case Ballot(var vote) -> {
          Vote said = vote.statement();
          Vote other =
              new Vote(
                  said.phase(),
                  forge.cluster().setting().id(forge.peer()),
                  said.epoch(),
                  said.view(),
                  said.slots());
          forge.toAll(new Ballot(forge.sign(other)), out);
          forge.toAll(new Ballot(new Signed<>(other, vote.signature())), out);
          Batch none = new Batch(Setting.GENESIS_MICROS, List.of());
          CommitCertificate alone =
              new CommitCertificate(
                  said.epoch(),
                  said.view(),
                  said.slots().getFirst().seq(),
                  none,
                  Collections.nCopies(forge.n(), vote));
          forge.toAll(new CommittedBatch(alone, List.of()), out);
        }
        case PeerMessage.CheckpointVote(var checkpoint) ->
            forge.toAll(
                new StableProof(new StableCheckpoint(Collections.nCopies(forge.n(), checkpoint))),
                out);
        case PeerMessage.BundleBody(var bundle) ->
            forge.toAll(
                new PeerMessage.BundleBody(
                    new io.tallystick.bft.message.Bundle(
                        bundle.client(),
                        bundle.requests(),
                        Digest.sha256(Bytes.utf8("forged")),
                        bundle.signature())),
                out);
        default -> {}
      }
      return true;
    }
  }
}
