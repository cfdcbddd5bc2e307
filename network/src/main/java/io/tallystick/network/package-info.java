/**
 * The network of a node: {@link io.tallystick.network.ReplicaNetwork} for a replica, {@link
 * io.tallystick.network.ClientNetwork} for whoever talks to replicas as a client. Authenticated,
 * ordered per connection, bounded everywhere, and lossy: connections break and queues overflow, so
 * nothing sent is to be assumed delivered (design 5, 9, 18).
 *
 * <p>Made and closed by the node's wiring; {@code send} is called on any thread and never blocks;
 * what arrives is handed in on the verification pool. Bytes are opaque here: from the frame's
 * payload on they are {@code codec}'s and {@code verify}'s. No lock is held while a caller's code
 * runs, but for the one that keeps a peer's comings and goings in order.
 */
@NullMarked
package io.tallystick.network;

import org.jspecify.annotations.NullMarked;
