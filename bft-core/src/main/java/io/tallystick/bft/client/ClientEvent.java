package io.tallystick.bft.client;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.crypto.Digest;

/** What may happen to a client. Closed: {@link BundleClient#step} treats each, without default. */
public sealed interface ClientEvent {

  /** The host wants a bundle ordered, which it has signed. */
  record Submit(Bundle bundle) implements ClientEvent {}

  /** The host wants nothing more of a bundle; whatever it becomes, it isn't told. */
  record Abandon(Digest bundle) implements ClientEvent {}

  /** A replica said something on its session. */
  record Received(ReplicaId from, Answer answer) implements ClientEvent {}

  /** The session with a replica came up or went down. */
  record Reachable(ReplicaId replica, boolean reachable) implements ClientEvent {}

  /** The ticks that were armed have come. */
  record Tick() implements ClientEvent {}
}
