/**
 * A verified copy of the ledger, kept by whoever reads it: gateways, observers and auditors.
 *
 * <p>{@link io.tallystick.ledger.follower.Follower} asks replicas for published heads and for
 * entries, and trusts none of them: a head counts when a quorum's cosignatures and the log's line
 * hold; entries count when a range proof puts them into that head's tree, right of all that the
 * copy holds already, and their payloads are those that the envelopes commit to. All of that runs
 * on the follower's one thread; reads and waiting are for any thread. Invariants: what {@link
 * io.tallystick.ledger.follower.VerifiedCopy#head} covers is verified, indexed and stays; sizes and
 * times never go back while the disk works; two heads that contradict each other end the following,
 * never the reading (design 3, 13).
 */
@NullMarked
package io.tallystick.ledger.follower;

import org.jspecify.annotations.NullMarked;
