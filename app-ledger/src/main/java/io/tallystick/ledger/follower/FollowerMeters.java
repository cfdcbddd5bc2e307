package io.tallystick.ledger.follower;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import java.util.ArrayList;
import java.util.List;

/** What a follower tells operators. For any thread. */
final class FollowerMeters {
  private final MeterRegistry registry;
  private final Counter diskFailures;
  private final List<Gauge> gauges = new ArrayList<>();

  FollowerMeters(MeterRegistry registry) {
    this.registry = registry;
    this.diskFailures =
        Counter.builder("ledger_follower_disk_failures")
            .description("Failures of the disk under the verified copy")
            .register(registry);
  }

  void watch(Follower follower) {
    gauges.add(
        Gauge.builder("ledger_follower_size", follower, Follower::verifiedSize)
            .description("Entries of the verified copy")
            .register(registry));
    gauges.add(
        Gauge.builder(
                "ledger_follower_head_seconds",
                follower,
                f -> f.head().map(CopyHead::timeMicros).orElse(0L) / 1e6)
            .description("Ledger time of the head that the copy holds, seconds since 1970")
            .register(registry));
    for (FollowerState state : FollowerState.values()) {
      gauges.add(
          Gauge.builder("ledger_follower_state", follower, f -> f.state() == state ? 1 : 0)
              .tag("state", state.name().toLowerCase(java.util.Locale.ROOT))
              .description("1 for the state that the follower is in")
              .register(registry));
    }
  }

  void unwatch() {
    gauges.forEach(registry::remove);
  }

  void lied(ReplicaId peer) {
    count("ledger_follower_lies", peer);
  }

  void silent(ReplicaId peer) {
    count("ledger_follower_unanswered", peer);
  }

  void diskFailed() {
    diskFailures.increment();
  }

  private void count(String name, ReplicaId peer) {
    Counter.builder(name).tag("peer", peer.toString()).register(registry).increment();
  }
}
