package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.message.ClientMessage.Standing;
import io.tallystick.config.JsonObject;
import io.tallystick.config.Token.Scope;
import io.tallystick.ledger.client.Ledger;
import io.tallystick.ledger.client.ReplicaStanding;
import io.tallystick.ledger.follower.VerifiedCopy;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * {@code GET /v1/cluster}, {@code /healthz}, {@code /readyz}: how the replicas say they stand, and
 * whether appends can be served. Standings are the replicas' own words; the view shown is one that
 * at least one correct replica has reached.
 */
final class ClusterService {
  /** A head is fresh when ledger time isn't further ahead of it than this, in milliseconds. */
  private static final long FRESH_MILLIS = 10_000;

  private final Callers callers;
  private final Ledger ledger;
  private final Membership membership;
  private final VerifiedCopy copy;

  ClusterService(Callers callers, Ledger ledger, Membership membership, VerifiedCopy copy) {
    this.callers = callers;
    this.ledger = ledger;
    this.membership = membership;
    this.copy = copy;
  }

  /** Protocol state per replica. */
  HttpResponse cluster(ServiceRequestContext ctx) {
    callers.caller(ctx.request().headers(), Scope.READ);
    List<ReplicaStanding> standings = ledger.standings();
    long view = view(standings);
    List<JsonObject> replicas = new ArrayList<>();
    for (ReplicaStanding each : standings) {
      JsonObject row =
          new JsonObject().put("id", each.replica().value()).put("reachable", each.reachable());
      each.standing().ifPresent(standing -> describe(standing, row));
      replicas.add(row);
    }
    return Answers.json(
        200,
        new JsonObject()
            .put("view", Long.toString(view))
            .put("primary", membership.primary(view).value())
            .put("epoch", Long.toString(membership.epoch()))
            .put("replicas", replicas));
  }

  private static void describe(Standing standing, JsonObject row) {
    row.put("view", Long.toString(standing.view()))
        .put("executed", Long.toString(standing.tip().seq()))
        .put("stable", Long.toString(standing.stable()))
        .put("size", Long.toString(standing.head().size()))
        .put("root", Base64.getEncoder().encodeToString(standing.head().root().toArray()))
        .put("version", standing.version())
        .put("voting", standing.voting());
  }

  /** The (f+1)-th largest view that replicas say they are in. */
  private long view(List<ReplicaStanding> standings) {
    return vouched(standings, Standing::view);
  }

  /** A size that the ledger has: the (f+1)-th largest that replicas say. */
  long size() {
    return vouched(ledger.standings(), standing -> standing.head().size());
  }

  /** The (f+1)-th largest value: a correct replica said it, or a larger one. */
  private long vouched(List<ReplicaStanding> standings, ToLongFunction<Standing> value) {
    List<Long> values = new ArrayList<>();
    for (ReplicaStanding each : standings) {
      values.add(each.standing().map(value::applyAsLong).orElse(0L));
    }
    values.sort(null);
    return values.get(values.size() - 1 - membership.f());
  }

  /** Liveness: this process answers. */
  HttpResponse health() {
    return HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, "ok\n");
  }

  /** Readiness: a quorum is reachable, and the copy's head is fresh. */
  HttpResponse ready() {
    Optional<String> fault = fault();
    return fault.isEmpty()
        ? HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT_UTF_8, "ready\n")
        : Problem.retry(Problem.Kind.NOT_READY, fault.get(), 1_000).response();
  }

  /** Why appends can't be served at the moment; empty when they can. */
  Optional<String> fault() {
    long reachable = ledger.standings().stream().filter(ReplicaStanding::reachable).count();
    if (reachable < membership.quorum()) {
      return Optional.of(
          "replicas reachable: " + reachable + " (expected: >= " + membership.quorum() + ")");
    }
    OptionalLong now = ledger.expectedLedgerMicros();
    Optional<CopyHead> head = copy.head();
    if (now.isEmpty() || head.isEmpty()) {
      return Optional.of(
          now.isEmpty() ? "ledger time isn't known yet" : "no published head was seen yet");
    }
    long ageMillis = (now.getAsLong() - head.get().timeMicros()) / 1_000;
    return ageMillis <= FRESH_MILLIS
        ? Optional.empty()
        : Optional.of(
            "newest head: " + ageMillis + " ms old (expected: <= " + FRESH_MILLIS + " ms)");
  }
}
