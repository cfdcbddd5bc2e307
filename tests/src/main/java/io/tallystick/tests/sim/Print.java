package io.tallystick.tests.sim;

import io.tallystick.bft.engine.Event;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;
import io.tallystick.crypto.Digest;

/**
 * 64 bits that stand for what happened: alike in every JVM (unlike {@code hashCode} of an enum),
 * for the hash of a run's trace. And a line of text, for people.
 */
@SuppressWarnings("EnumOrdinal") // a number that is the same in every JVM of this build
public final class Print {
  private Print() {}

  /** Of several numbers, in order. */
  public static long of(long... parts) {
    long hash = parts.length;
    for (long part : parts) {
      hash = Dice.mix(hash * 31 + part);
    }
    return hash;
  }

  /** Of a statement: everything that is signed but the cluster. */
  public static long of(Statement statement) {
    int replica = statement.replica().value();
    return switch (statement) {
      case Vote vote -> {
        long hash = of(1 + vote.phase().ordinal(), replica, vote.view(), vote.epoch());
        for (SlotDigest slot : vote.slots()) {
          hash = of(hash, slot.seq(), slot.batch().prefix());
        }
        yield hash;
      }
      case Checkpoint c ->
          of(5, replica, c.seq(), c.head().root().prefix(), c.stateDigest().prefix());
      case ViewChange v -> of(6, replica, v.newView(), v.stableSeq(), v.certificates().prefix());
      case NewView v -> {
        long hash = of(7, replica, v.view(), v.stableSeq());
        for (Digest batch : v.batches()) {
          hash = of(hash, batch.prefix());
        }
        for (NewView.ViewChangeDigest viewChange : v.viewChanges()) {
          hash = of(hash, viewChange.replica().value(), viewChange.digest().prefix());
        }
        yield hash;
      }
    };
  }

  /** Of a message. */
  public static long of(PeerMessage message) {
    return switch (message) {
      case PeerMessage.PrePrepare m -> of(11, of(m.vote().statement()));
      case PeerMessage.Ballot m -> of(12, of(m.vote().statement()));
      case PeerMessage.CheckpointVote m -> of(13, of(m.checkpoint().statement()));
      case PeerMessage.StableProof m -> of(14, m.checkpoint().seq());
      case PeerMessage.HeadVote m ->
          of(15, m.cosignature().replica().value(), m.cosignature().head().root().prefix());
      case PeerMessage.ViewChangeMessage m -> of(16, of(m.viewChange().statement()));
      case PeerMessage.NewViewMessage m -> of(17, of(m.newView().statement()));
      case PeerMessage.Status m ->
          of(
              18,
              m.replica().value(),
              m.view(),
              m.executed(),
              m.stable(),
              m.missing().size(),
              m.standing().viewChanges());
      case PeerMessage.FetchBundles m -> {
        long hash = 19;
        for (Digest digest : m.digests()) {
          hash = of(hash, digest.prefix());
        }
        yield hash;
      }
      case PeerMessage.BundleBody m -> of(20, m.bundle().digest().prefix());
      case PeerMessage.FetchBatches m -> of(21, m.fromSeq(), m.toSeq());
      case PeerMessage.CommittedBatch m -> of(22, m.certificate().seq(), m.bundles().size());
      case PeerMessage.PendingBundles m ->
          of(24, m.digests().size(), m.digests().isEmpty() ? 0 : m.digests().getFirst().prefix());
      case PeerMessage.FetchViewChanges m -> of(23, m.view(), m.wanted().size());
    };
  }

  /** Of an event at a replica. */
  public static long of(Event event) {
    return switch (event) {
      case Event.Replayed e -> of(31, e.position());
      case Event.Started e -> of(32, e.application().seq(), e.nextPosition());
      case Event.Received e -> of(33, e.from().value(), of(e.message().value()));
      case Event.Submitted e -> of(34, e.bundle().value().digest().prefix());
      case Event.SignedByUs e -> of(35, of(e.statement().value().statement()));
      case Event.TimerFired e -> of(36, e.timer().ordinal());
      case Event.Durable e -> of(37, e.upTo());
      case Event.Executed e -> of(38, e.seq(), e.head().root().prefix());
      case Event.ApplicationSynced e -> of(39, e.seq());
      case Event.PeerReachable e -> of(40, e.peer().value(), e.reachable() ? 1 : 0);
      case Event.DiskSpace e -> of(41, e.available() ? 1 : 0);
    };
  }

  /** For people: what an event is. */
  public static String text(Event event) {
    return switch (event) {
      case Event.Received e -> "from " + e.from() + " " + text(e.message().value());
      case Event.SignedByUs e -> "signed " + text(e.statement().value().statement());
      case Event.Submitted e -> "submitted " + shortly(e.bundle().value().digest());
      case Event.Executed e -> "executed " + e.seq();
      case Event.Replayed e -> "replays " + e.record().value().getClass().getSimpleName();
      case Event.Started _,
          Event.TimerFired _,
          Event.Durable _,
          Event.ApplicationSynced _,
          Event.PeerReachable _,
          Event.DiskSpace _ ->
          event.toString();
    };
  }

  /** For people: what a message is. */
  public static String text(PeerMessage message) {
    return switch (message) {
      case PeerMessage.PrePrepare m -> text(m.vote().statement());
      case PeerMessage.Ballot m -> text(m.vote().statement());
      case PeerMessage.CheckpointVote m -> text(m.checkpoint().statement());
      case PeerMessage.ViewChangeMessage m -> text(m.viewChange().statement());
      case PeerMessage.NewViewMessage m -> text(m.newView().statement());
      case PeerMessage.StableProof m -> "proof of checkpoint " + m.checkpoint().seq();
      case PeerMessage.CommittedBatch m -> "batch " + m.certificate().seq();
      case PeerMessage.Status m ->
          "status view=" + m.view() + " executed=" + m.executed() + " stable=" + m.stable();
      default -> message.getClass().getSimpleName();
    };
  }

  private static String text(Statement statement) {
    String who = " by " + statement.replica();
    return switch (statement) {
      case Vote vote -> {
        StringBuilder text = new StringBuilder(vote.phase() + who + " view=" + vote.view());
        for (SlotDigest slot : vote.slots()) {
          text.append(' ').append(slot.seq()).append('=').append(shortly(slot.batch()));
        }
        yield text.toString();
      }
      case Checkpoint c -> "checkpoint" + who + " " + c.seq();
      case ViewChange v -> "view-change" + who + " to " + v.newView() + " from " + v.stableSeq();
      case NewView v ->
          "new-view"
              + who
              + " "
              + v.view()
              + " from "
              + v.stableSeq()
              + " with "
              + v.batches().size();
    };
  }

  private static String shortly(Digest digest) {
    return digest.toHex().substring(0, 6);
  }
}
