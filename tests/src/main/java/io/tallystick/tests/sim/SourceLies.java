package io.tallystick.tests.sim;

import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.OutcomeAnswer;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.BundleBody;
import io.tallystick.bft.message.PeerMessage.CheckpointVote;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.PeerMessage.FetchBundles;
import io.tallystick.bft.message.PeerMessage.HeadVote;
import io.tallystick.bft.message.PeerMessage.Status;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Digest;
import java.util.List;

/** Lies of whoever is asked for something. */
final class SourceLies {
  private SourceLies() {}

  /** Answers fetches with other things than were asked for, and claims to be far ahead. */
  static final class LyingSource implements Lie {
    private final Forge forge;

    LyingSource(Forge forge) {
      this.forge = forge;
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      switch (message) {
        case CommittedBatch batch -> {
          for (CommittedBatch other : wrong(batch)) {
            out.send(to, other);
          }
        }
        case Status said ->
            out.send(
                to,
                new Status(
                    said.replica(),
                    said.epoch(),
                    said.view(),
                    said.executed() + 1_000_000,
                    said.stable() + forge.dice().of(0, 1_000_000),
                    List.of(),
                    said.standing()));
        default -> out.send(to, message);
      }
    }

    private List<CommittedBatch> wrong(CommittedBatch batch) {
      CommitCertificate real = batch.certificate();
      CommitCertificate elsewhere =
          new CommitCertificate(
              real.epoch(), real.view(), real.seq() + 1, real.batch(), real.commits());
      CommitCertificate thin =
          new CommitCertificate(
              real.epoch(),
              real.view(),
              real.seq(),
              real.batch(),
              real.commits().subList(0, real.commits().size() - 1));
      return switch (forge.dice().below(4)) {
        case 0 -> List.of(new CommittedBatch(elsewhere, batch.bundles()));
        case 1 -> List.of(new CommittedBatch(thin, batch.bundles()));
        case 2 -> List.of(new CommittedBatch(real, List.of()));
        default -> List.of();
      };
    }
  }

  /** Gives no bodies away. */
  static final class Withholding implements Lie {
    private final Forge forge;

    Withholding(Forge forge) {
      this.forge = forge;
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      if (!(message instanceof BundleBody)) {
        out.send(to, message);
      }
    }

    @Override
    public boolean hears(int from, PeerMessage message, Sink out) {
      return !(message instanceof FetchBundles) || forge.dice().below(20) == 0;
    }
  }

  /** Checkpoints and heads of another state. */
  static final class WrongState implements Lie {
    private final Forge forge;

    WrongState(Forge forge) {
      this.forge = forge;
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      switch (message) {
        case CheckpointVote(var checkpoint) when forge.isOwn(checkpoint) ->
            out.send(to, forge.checkpoint(checkpoint.statement(), checkpoint.statement().seq()));
        case HeadVote(var head) when head.replica().equals(forge.self()) ->
            out.send(
                to,
                forge.head(
                    new TreeHead(head.head().size() + forge.dice().below(2), Digest.ZERO),
                    head.timeSeconds()));
        default -> out.send(to, message);
      }
    }
  }

  /** Tells clients another outcome. */
  static final class WrongAnswers implements Lie {
    private final Forge forge;

    WrongAnswers(Forge forge) {
      this.forge = forge;
    }

    @Override
    public Answer tells(Answer answer) {
      return switch (answer) {
        case BundleReply reply when forge.dice().below(3) > 0 ->
            new BundleReply(
                reply.tip(),
                reply.bundle(),
                reply.outcomes().stream().map(this::other).toList(),
                reply.head(),
                reply.full());
        case OutcomeAnswer said ->
            new OutcomeAnswer(said.query(), said.tip(), other(said.outcome()));
        default -> answer;
      };
    }

    private Outcome other(Outcome outcome) {
      return outcome.kind() == OutcomeKind.COMMITTED
          ? Outcome.committed(outcome.index() + 1)
          : Outcome.committed(1 + forge.dice().below(50));
    }
  }
}
