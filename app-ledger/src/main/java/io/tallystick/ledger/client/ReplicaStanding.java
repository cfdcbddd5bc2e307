package io.tallystick.ledger.client;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.Standing;
import java.util.Optional;

/**
 * How a replica stood when it last said so.
 *
 * @param reachable whether there is a session with it
 * @param standing its own words, unproved; empty before the first
 */
public record ReplicaStanding(ReplicaId replica, boolean reachable, Optional<Standing> standing) {}
