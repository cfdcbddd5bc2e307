package io.tallystick.ledger.follower;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.crypto.Bytes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * How a follower reaches single replicas. What they answer needs no checking here: the follower
 * believes nothing. Futures fail, in bounded time, when a replica doesn't answer.
 */
public interface ReplicaReader {
  /** Has one replica's application answer a read. */
  CompletableFuture<Bytes> read(ReplicaId replica, Bytes question);

  /** The newest published head that one replica knows; empty when it knows none. */
  CompletableFuture<Optional<LoggedHead>> head(ReplicaId replica);
}
