package io.tallystick.ledger.client;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.follower.ReplicaReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A ledger on replicas, as its client sees it; a follower reads through it. All methods may be
 * called on any thread.
 */
public interface Ledger extends ReplicaReader {

  /**
   * Has something recorded.
   *
   * @throws IllegalArgumentException when the content is larger than the cluster takes
   */
  Submitted submit(Submission submission);

  /**
   * Asks all replicas how a request ended. Answers when f+1 say alike; with a pending outcome when
   * they don't in time.
   */
  CompletableFuture<Outcome> outcome(String principal, RequestId id, long deadlineMicros);

  /** Has one replica's application answer a read; fails with {@link QueryException}. */
  @Override
  CompletableFuture<Bytes> read(ReplicaId replica, Bytes question);

  /**
   * The newest published head that one replica knows, its signatures verified; empty when it knows
   * none, or what it showed isn't one.
   */
  @Override
  CompletableFuture<Optional<LoggedHead>> head(ReplicaId replica);

  /** How all replicas stood when last asked, in ascending order of ids. */
  List<ReplicaStanding> standings();

  /** Ledger time that at least one correct replica has reached; empty before f+1 told theirs. */
  OptionalLong ledgerMicros();

  /** Where ledger time should be by now; empty before f+1 told theirs. */
  OptionalLong expectedLedgerMicros();
}
