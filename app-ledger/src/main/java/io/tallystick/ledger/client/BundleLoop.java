package io.tallystick.ledger.client;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.bft.client.BundleClient;
import io.tallystick.bft.client.ClientEffect;
import io.tallystick.bft.client.ClientEffects;
import io.tallystick.bft.client.ClientEvent;
import io.tallystick.bft.client.ClientLimits;
import io.tallystick.bft.engine.Now;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.AskStanding;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.ClientMessage.Standing;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Request;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.ledger.read.Appendix;
import io.tallystick.ledger.read.ProvedEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What a client's thread does: forms bundles, steps the pure client, carries out its effects,
 * completes futures. All methods but {@link #standings} and {@link #clock} are for that thread.
 */
final class BundleLoop {
  private static final long NOT_SENT_RETRY_MILLIS = 2_000;

  private final LedgerClient.Cluster cluster;
  private final ClientSettings settings;
  private final BiConsumer<ReplicaId, Ask> sender;
  private final MeterRegistry meters;
  private final BundleClient<List<Optional<ProvedEntry>>> client;
  private final ClientEffects<List<Optional<ProvedEntry>>> effects = new ClientEffects<>();
  private final Grouping grouping;
  private final Queries queries;
  private final Map<Digest, Sent> sent = new LinkedHashMap<>();
  private final Map<ReplicaId, ReplicaStanding> stands = new TreeMap<>();
  private long armedTicks = Long.MAX_VALUE;
  private long pollTicks;
  private volatile List<ReplicaStanding> standings;
  private volatile LedgerClock clock = LedgerClock.NONE;

  /** A bundle in flight, and those who wait for it, in the order of its requests. */
  private record Sent(List<Request> requests, List<Waiting> waiting) {
    long deadlineMicros(int i) {
      return requests.get(i).deadlineMicros();
    }
  }

  BundleLoop(
      LedgerClient.Cluster cluster,
      ClientSettings settings,
      BiConsumer<ReplicaId, Ask> sender,
      long seed,
      MeterRegistry meters) {
    this.cluster = cluster;
    this.settings = settings;
    this.sender = sender;
    this.meters = meters;
    HeadKeys keys = new HeadKeys(cluster.logKey(), cluster.membership());
    ClientLimits limits =
        ClientLimits.of(settings.bundlesMax(), cluster.parameters().deadlineMillisMax());
    this.client = new BundleClient<>(cluster.membership(), limits, keys, Appendix::check, seed);
    this.grouping = new Grouping(settings, cluster.parameters());
    this.queries = new Queries(cluster.membership(), settings, keys, sender);
    for (ReplicaId id : cluster.membership().ids()) {
      stands.put(id, new ReplicaStanding(id, false, Optional.empty()));
    }
    this.standings = List.copyOf(stands.values());
  }

  Queries queries() {
    return queries;
  }

  List<ReplicaStanding> standings() {
    return standings;
  }

  LedgerClock clock() {
    return clock;
  }

  /** When {@link #turn} has something to do if nothing else happens before. */
  long nextTicks() {
    long next = Math.min(armedTicks, pollTicks);
    boolean canSend =
        !grouping.isEmpty()
            && client.inFlight() < settings.bundlesMax()
            && client.ledgerMicros().isPresent();
    return canSend ? Math.min(next, grouping.dueTicks()) : next;
  }

  void submit(Waiting waiting) {
    grouping.add(waiting);
  }

  void reachable(ReplicaId replica, boolean reachable, long ticks) {
    ReplicaStanding before = stands.get(replica);
    if (before == null) {
      return;
    }
    stands.put(replica, new ReplicaStanding(replica, reachable, before.standing()));
    standings = List.copyOf(stands.values());
    step(new ClientEvent.Reachable(replica, reachable), ticks);
    if (reachable) {
      sender.accept(replica, new AskStanding(0));
    }
  }

  void received(ReplicaId from, Answer answer, long ticks) {
    if (answer instanceof Standing standing && standing.replica().equals(from)) {
      stands.put(from, new ReplicaStanding(from, true, Optional.of(standing)));
      standings = List.copyOf(stands.values());
    }
    queries.answered(from, answer);
    step(new ClientEvent.Received(from, answer), ticks);
  }

  /** Timers, and what waits to be sent. */
  void turn(long ticks) {
    if (armedTicks <= ticks) {
      armedTicks = Long.MAX_VALUE;
      step(new ClientEvent.Tick(), ticks);
    }
    if (pollTicks <= ticks) {
      pollTicks = ticks + settings.pollMillis();
      cluster.membership().ids().forEach(id -> sender.accept(id, new AskStanding(0)));
      queries.expire(ticks);
      for (Waiting old : grouping.olderThan(ticks - settings.timeoutMillis())) {
        old.result().completeExceptionally(notSent());
      }
    }
    OptionalLong expected = client.expectedLedgerMicros(now(ticks));
    while (expected.isPresent() && grouping.due(client.inFlight(), ticks)) {
      send(grouping.next(), expected.getAsLong() + settings.timeoutMillis() * 1_000, ticks);
    }
    clock = new LedgerClock(client.ledgerMicros(), expected, ticks);
  }

  private OverloadedException notSent() {
    String why =
        client.ledgerMicros().isEmpty()
            ? "too few replicas are reachable: no ledger time known"
            : client.inFlight() + " bundles are in flight, and none of them ends";
    return new OverloadedException(why, NOT_SENT_RETRY_MILLIS);
  }

  private void send(List<Waiting> waiting, long deadlineMicros, long ticks) {
    List<Request> requests = waiting.stream().map(one -> one.request(deadlineMicros)).toList();
    byte[] signed = Bundle.signedBytes(cluster.cluster(), cluster.key().publicKey(), requests);
    Digest digest = Digest.sha256(signed);
    Bundle bundle =
        new Bundle(
            cluster.key().publicKey(), requests, digest, Ed25519.sign(cluster.key(), signed));
    sent.put(digest, new Sent(requests, waiting));
    step(new ClientEvent.Submit(bundle), ticks);
  }

  private void step(ClientEvent event, long ticks) {
    client.step(event, now(ticks), effects);
    effects.list().forEach(this::carryOut);
    effects.clear();
  }

  /** The client part reads no wall clock. */
  private static Now now(long ticks) {
    return new Now(ticks, 0);
  }

  private void carryOut(ClientEffect<List<Optional<ProvedEntry>>> effect) {
    switch (effect) {
      case ClientEffect.Send<List<Optional<ProvedEntry>>> send ->
          sender.accept(send.to(), send.ask());
      case ClientEffect.Arm<List<Optional<ProvedEntry>>> arm -> armedTicks = arm.atTicks();
      case ClientEffect.Decided<List<Optional<ProvedEntry>>> decided ->
          meters.counter("tally_client_bundles_decided").increment();
      case ClientEffect.Receipted<List<Optional<ProvedEntry>>> receipted -> receipted(receipted);
      case ClientEffect.Unproven<List<Optional<ProvedEntry>>> unproven -> {
        meters.counter("tally_client_bundles_unproven").increment();
        ended(unproven.bundle(), unproven.outcomes());
      }
      case ClientEffect.Ended<List<Optional<ProvedEntry>>> ended ->
          ended(ended.bundle(), ended.outcomes());
      case ClientEffect.Refused<List<Optional<ProvedEntry>>> refused -> refused(refused);
      case ClientEffect.Unknown<List<Optional<ProvedEntry>>> unknown -> {
        Sent one = take(unknown.bundle());
        endUnknown(one);
      }
      case ClientEffect.Liar<List<Optional<ProvedEntry>>> liar ->
          meters
              .counter(
                  "tally_client_lies",
                  "replica",
                  liar.replica().toString(),
                  "lie",
                  liar.lie().name())
              .increment();
    }
  }

  private Sent take(Digest bundle) {
    return requireNonNull(sent.remove(bundle), "a bundle in flight");
  }

  private void receipted(ClientEffect.Receipted<List<Optional<ProvedEntry>>> receipted) {
    Sent one = take(receipted.bundle());
    LoggedHead head = new LoggedHead(receipted.head(), receipted.logSignature());
    for (int i = 0; i < one.waiting().size(); i++) {
      Waiting waiting = one.waiting().get(i);
      Optional<ProvedEntry> proved = receipted.proof().get(i);
      waiting
          .result()
          .complete(
              proved.isPresent()
                  ? committed(waiting, proved.get(), head)
                  : result(receipted.outcomes().get(i), one.deadlineMicros(i)));
    }
  }

  private static SubmitResult committed(Waiting waiting, ProvedEntry proved, LoggedHead head) {
    boolean repeated = !proved.salt().equals(waiting.payload().salt());
    return new SubmitResult.Committed(
        new CommittedEntry(proved.leaf(), proved.salt(), proved.proof(), head), repeated);
  }

  private void ended(Digest bundle, List<Outcome> outcomes) {
    Sent one = take(bundle);
    for (int i = 0; i < one.waiting().size(); i++) {
      one.waiting().get(i).result().complete(result(outcomes.get(i), one.deadlineMicros(i)));
    }
  }

  private static SubmitResult result(Outcome outcome, long deadlineMicros) {
    return switch (outcome.kind()) {
      case COMMITTED -> new SubmitResult.CommittedAt(outcome.index());
      case REACHED -> new SubmitResult.Reached();
      case UNKNOWN, PENDING -> new SubmitResult.Unknown(deadlineMicros);
      case ABSENT -> new SubmitResult.Rejected(OutcomeKind.EXPIRED, outcome.reason());
      case REJECTED, NOT_GRANTED, ID_REUSED, EXPIRED, TOO_FAR, BUSY ->
          new SubmitResult.Rejected(outcome.kind(), outcome.reason());
    };
  }

  private static void endUnknown(Sent one) {
    for (int i = 0; i < one.waiting().size(); i++) {
      one.waiting().get(i).result().complete(new SubmitResult.Unknown(one.deadlineMicros(i)));
    }
  }

  private void refused(ClientEffect.Refused<List<Optional<ProvedEntry>>> refused) {
    Sent one = take(refused.bundle());
    for (Waiting waiting : one.waiting()) {
      switch (refused.why()) {
        case MALFORMED ->
            waiting
                .result()
                .complete(new SubmitResult.Rejected(OutcomeKind.REJECTED, refused.detail()));
        case NO_ROOM, DUPLICATE -> waiting.result().completeExceptionally(notSent());
      }
    }
  }

  /** Ends all that waits: what was sent is unknown, what wasn't is refused. */
  void close() {
    sent.values().forEach(BundleLoop::endUnknown);
    sent.clear();
    while (!grouping.isEmpty()) {
      for (Waiting waiting : grouping.next()) {
        waiting
            .result()
            .completeExceptionally(
                new OverloadedException("the client was closed", NOT_SENT_RETRY_MILLIS));
      }
    }
    queries.close();
  }
}
