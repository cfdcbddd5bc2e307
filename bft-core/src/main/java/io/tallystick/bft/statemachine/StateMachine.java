package io.tallystick.bft.statemachine;

import io.tallystick.bft.engine.Event.ApplicationState;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.io.IOException;
import java.util.List;

/**
 * A deterministic application with an append-only Merkle tree. It keeps its own state on disk;
 * after a crash it stands where its last {@link #sync} left it, or later, and is given every later
 * batch again.
 */
public interface StateMachine extends AutoCloseable {

  /** Where it stands after opening: nothing later is in its state. */
  ApplicationState state();

  /**
   * Executes one batch, the one after {@link #state}'s.
   *
   * @param ledgerTimeMicros the batch's ledger time
   * @param bundles in order; requests that took effect before must not again
   * @throws IOException when the disk failed: the replica stops
   */
  Result execute(long seq, long ledgerTimeMicros, List<Bundle> bundles) throws IOException;

  /** Digest of all state but the tree, as of the last executed batch ("state digest"). */
  Digest stateDigest();

  /**
   * Makes everything durable that was executed when this was called. May run beside {@link
   * #execute}.
   *
   * @param before called once it is settled what is covered, and before anything vouches for it:
   *     what the application stands on must be durable first
   * @return the sequence number up to which all is durable
   * @throws IOException when a sync failed: the replica stops
   */
  long sync(Before before) throws IOException;

  /** Likewise, with nothing else to be made durable. */
  default long sync() throws IOException {
    return sync(() -> {});
  }

  /** Makes something durable that an application's state depends on. */
  @FunctionalInterface
  interface Before {
    /** Returns when it is durable. */
    void sync() throws IOException;
  }

  /**
   * What the replica that answers a bundle in full adds for the application's client: whatever
   * proves the outcomes to somebody who holds a signed {@code head}. Runs beside execution.
   *
   * @param head the tree head after the batch that held the bundle
   */
  Bytes appendix(Bundle bundle, List<Outcome> outcomes, TreeHead head) throws IOException;

  /** How a request ended, as of the last executed batch. Runs beside execution. */
  Outcome outcome(String principal, RequestId id, long deadlineMicros);

  /** Answers a read; empty when there is nothing to say to it. Runs beside execution; bounded. */
  Bytes read(Bytes question) throws IOException;

  /** A newer published head is there, signed by the log key too; kept for readers. */
  void published(LoggedHead head) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * What a batch did.
   *
   * @param outcomes for each bundle, one for each request
   * @param head the tree head after the batch
   */
  record Result(List<List<Outcome>> outcomes, TreeHead head) {}
}
