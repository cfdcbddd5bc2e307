package io.tallystick.tests.sim;

import io.tallystick.bft.engine.Effect.Execution;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.ReplicaSummary;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;
import java.io.IOException;

/** Sees what a replica does. The oracle watches correct ones; nobody watches liars. */
interface Watcher {
  /** Whether the replica is faulty, so that its engine may break. */
  default boolean isFaulty(int node) {
    return true;
  }

  /** A record is given to the journal. */
  default void persists(int node, long position, JournalRecord record) {}

  /** Records up to there are on disk. */
  default void durable(int node, long upTo) {}

  /** A start finds a record. */
  default void replays(int node, JournalRecord record) {}

  /** The process is gone. */
  default void crashes(int node) {}

  /** A start is refused: the journal is damaged. */
  default void refuses(int node, IOException why) {}

  /** A message leaves; the application is synced up to {@code syncedSeq}. */
  default void leaves(int node, PeerMessage message, long syncedSeq) {}

  /** A batch is handed to the application. */
  default void executes(int node, Execution execution) {}

  /** The application stands there now, and signed this. */
  default void executed(int node, Execution execution, History.Point point, HeadCosignature head) {}

  /** The state after a step. */
  default void stands(int node, ReplicaSummary summary) {}

  /** How many effects a step had, and how many it may have. */
  default void bounded(int node, int effects, int effectsMax) {}

  default void rejects(int node, ReplicaId sender, RejectReason why) {}

  default void accuses(int node, ReplicaId culprit, Evidence evidence) {}

  default void quarantines(int node, String why) {}
}
