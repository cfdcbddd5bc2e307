package io.tallystick.bft.engine;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.TreeHead;

/**
 * Where a replica stands: for metrics and for whoever asks it.
 *
 * @param viewChanges how often it went to another view since it started
 * @param clockJumps how often wall time jumped against monotonic time, by half a second or more
 * @param voting whether it takes part: started, not quarantined, disk not full
 * @param quarantined whether its state contradicts the others'
 * @param executed last sequence number that the application executed
 * @param stable last stable checkpoint's sequence number; also the low watermark
 * @param high the high watermark
 * @param unexecuted slots above {@code executed} of which anything is known
 * @param pendingBundles admitted, and in no batch yet
 * @param admittedBytes charged to clients: pending, or in a batch that isn't executed
 * @param admittedRequests likewise
 * @param head the ledger's tree head after {@code executed}
 */
public record ReplicaSummary(
    ReplicaId replica,
    long epoch,
    long view,
    boolean active,
    ReplicaId primary,
    long viewChanges,
    long clockJumps,
    boolean voting,
    boolean quarantined,
    long executed,
    long stable,
    long high,
    long unexecuted,
    int pendingBundles,
    long admittedBytes,
    int admittedRequests,
    long ledgerTimeMicros,
    TreeHead head) {}
