package io.tallystick.bft.host;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.ReplicaSummary;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.verify.Fault;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What the host counts (design 17). Tags have few values: reasons, and members. Any thread. */
final class HostMetrics {
  private final MeterRegistry registry;
  private final Timer journalSync;
  private final DistributionSummary journalGroup;
  private final Counter bundles;
  private final Counter requests;
  private final Counter equivocations;

  HostMetrics(MeterRegistry registry) {
    this.registry = registry;
    journalSync =
        Timer.builder("bft.journal.sync")
            .description("time of one sync of the journal")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    journalGroup =
        DistributionSummary.builder("bft.journal.group.records")
            .description("records that one sync made durable")
            .register(registry);
    bundles = registry.counter("bft.executed.bundles");
    requests = registry.counter("bft.executed.requests");
    equivocations = registry.counter("bft.equivocations");
    for (Property property : Property.values()) {
      invariantViolations(property.label());
    }
  }

  void summary(Supplier<ReplicaSummary> summary) {
    gauge("bft.view", summary, ReplicaSummary::view);
    gauge("bft.epoch", summary, ReplicaSummary::epoch);
    gauge("bft.active", summary, s -> s.active() ? 1 : 0);
    FunctionCounter.builder("bft.view.changes", summary, s -> s.get().viewChanges())
        .register(registry);
    FunctionCounter.builder("bft.clock.discontinuities", summary, s -> s.get().clockJumps())
        .register(registry);
    gauge("bft.primary", summary, s -> s.primary().value());
    gauge("bft.executed.seq", summary, ReplicaSummary::executed);
    gauge("bft.stable.checkpoint.seq", summary, ReplicaSummary::stable);
    gauge("bft.ledger.time", summary, s -> s.ledgerTimeMicros() / 1e6);
    gauge("bft.voting", summary, s -> s.voting() ? 1 : 0);
    gauge("bft.quarantined", summary, s -> s.quarantined() ? 1 : 0);
    gauge("bft.pending.bundles", summary, ReplicaSummary::pendingBundles);
    gauge("bft.pending.bytes", summary, ReplicaSummary::admittedBytes);
  }

  private void gauge(
      String name, Supplier<ReplicaSummary> summary, ToDoubleFunction<ReplicaSummary> value) {
    Gauge.builder(name, summary, s -> value.applyAsDouble(s.get()))
        .strongReference(true)
        .register(registry);
  }

  void depth(String queue, Supplier<Number> depth) {
    Gauge.builder("bft.queue.depth", depth).tag("queue", queue).register(registry);
  }

  void synced(long nanos, int records) {
    journalSync.record(nanos, TimeUnit.NANOSECONDS);
    journalGroup.record(records);
  }

  void executed(int bundleCount, int requestCount) {
    bundles.increment(bundleCount);
    requests.increment(requestCount);
  }

  void equivocation() {
    equivocations.increment();
  }

  void refused(RefusalReason reason) {
    registry.counter("bft.requests.rejected", "reason", lower(reason)).increment();
  }

  void authFailure(Fault fault, String peer) {
    registry.counter("bft.auth.failures", "reason", lower(fault), "peer", peer).increment();
  }

  void malformed(String peer) {
    registry.counter("bft.auth.failures", "reason", "malformed", "peer", peer).increment();
  }

  void rejected(RejectReason reason, ReplicaId peer) {
    registry
        .counter("bft.messages.rejected", "reason", lower(reason), "peer", peer.toString())
        .increment();
  }

  void dropped(String what, String peer) {
    registry.counter("bft.dropped", "what", what, "peer", peer).increment();
  }

  Counter invariantViolations(String invariant) {
    return registry.counter("bft.invariant.violations", "invariant", invariant);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
