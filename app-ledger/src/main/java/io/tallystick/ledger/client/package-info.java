/**
 * The ledger's client over the network: groups requests into bundles, signs them, and hands back
 * what became of each, with everything a receipt needs.
 *
 * <p>Called by the gateway, the follower and the command line, on any thread. One thread of its own
 * runs the pure {@link io.tallystick.bft.client.BundleClient}; the network decodes and verifies
 * cosignatures on its pool before handing over. No replica is trusted: whatever is handed back is
 * proved by a quorum's cosignatures, or said alike by f+1 replicas. Memory is bounded by {@link
 * io.tallystick.ledger.client.ClientSettings}: beyond it a request is refused at once.
 */
@NullMarked
package io.tallystick.ledger.client;

import org.jspecify.annotations.NullMarked;
