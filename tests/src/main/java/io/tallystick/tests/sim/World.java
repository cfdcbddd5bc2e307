package io.tallystick.tests.sim;

import io.tallystick.bft.codec.MalformedMessage;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.verify.Simulated;
import io.tallystick.bft.verify.Verdict;
import io.tallystick.bft.verify.Verified;
import io.tallystick.crypto.PublicKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of one seed: a phase in which things go wrong, then one in which nothing does but what
 * liars do, and everything must complete. Every property is looked at after every step. The same
 * seed and plan give the same run, to the bit. For one thread.
 */
public final class World implements Surroundings {
  private static final long SECOND = 1_000_000;
  private static final int COMMITS_MIN = 100;
  private static final int REAL_EVERY = 50;
  private static final int STORY_LINES = 60;

  private final Plan plan;
  private final long seed;
  private final Cluster cluster;
  private final Agenda agenda;
  private final Network network;
  private final Oracle oracle;
  private final Havoc havoc;
  private final List<Fault> faults;
  private final List<SimReplica> replicas = new ArrayList<>();
  private final List<@Nullable Liar> liars = new ArrayList<>();
  private final Dice lieDice;
  private final List<SimClient> clients = new ArrayList<>();
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final boolean telling;
  private final Dice workload;
  private @Nullable PeerMessage lastSent;
  private @Nullable PeerMessage lastLie;
  private @Nullable Verified<PeerMessage> lastLieVerified;
  private @Nullable Verified<PeerMessage> lastVerified;
  private long trace;
  private long steps;
  private boolean submitting = true;
  private long submitGapMicros;

  private World(Plan plan, long seed, boolean telling) {
    this.plan = plan;
    this.seed = seed;
    this.telling = telling;
    Dice dice = new Dice(seed, "setting");
    Setting setting = Setting.of(plan.n(), dice.below(Setting.CHOICES));
    cluster = new Cluster(setting, seed, seed % REAL_EVERY == 0);
    agenda = cluster.agenda();
    oracle = new Oracle(cluster);
    workload = cluster.dice("workload");
    lieDice = cluster.dice("lies");
    submitGapMicros = workload.of(500_000L, 700_000L, 900_000L);
    network = new Network(plan.n() + Setting.CLIENTS + 1, agenda, cluster.dice("network"));
    Conspiracy conspiracy = chooseLiars();
    for (int i = 0; i < plan.n(); i++) {
      if (cluster.isCorrect(i)) {
        liars.add(null);
        replicas.add(new SimReplica(cluster, i, this, oracle));
      } else {
        Liar liar = new Liar(this, cluster, i, LieKind.draw(lieDice, conspiring()), conspiracy);
        liars.add(liar);
        replicas.add(liar.first());
      }
      replicas.get(i).clock().drift(dice.between(-300, 300));
      replicas.get(i).clock().jump(dice.between(-600_000, 600_000));
    }
    for (int i = 0; i <= Setting.CLIENTS; i++) {
      clients.add(new SimClient(cluster, oracle, i, this::ask));
    }
    int lying = plan.n() - correct().size();
    havoc = new Havoc(this, cluster, network, Math.max(0, setting.f() - lying));
    faults = Fault.draw(cluster, plan.kinds(), 60 * SECOND * plan.minutes());
    faults.removeIf(fault -> !plan.only().isEmpty() && !plan.only().contains(fault.number()));
  }

  /** Draws who lies. */
  private Conspiracy chooseLiars() {
    int f = cluster.setting().f();
    int count = plan.liars() < 0 ? lieDice.below(f + 1) : plan.liars();
    while (count > 0) {
      int index = lieDice.below(plan.n());
      if (cluster.isCorrect(index)) {
        cluster.lies(index);
        count--;
      }
    }
    return new Conspiracy(cluster);
  }

  /** With more than f of them they have one aim, and reach it. */
  private boolean conspiring() {
    return plan.liars() > cluster.setting().f() || plan.n() >= 7 && lieDice.below(4) == 0;
  }

  /** Runs a seed. */
  public static Result run(Plan plan, long seed) {
    return new World(plan, seed, false).run();
  }

  /** Runs a seed and keeps what happened last. */
  static Result tell(Plan plan, long seed) {
    return new World(plan, seed, true).run();
  }

  /** The faults of a run. */
  static List<Fault> faults(Plan plan, long seed) {
    return new World(plan, seed, false).faults;
  }

  /** What a run's correct replicas agreed upon. */
  static History.Point history(Plan plan, long seed) {
    World world = new World(plan, seed, false);
    world.run();
    return world.oracle.newest();
  }

  private Result run() {
    Violation violation = null;
    try {
      begin();
      safety();
      liveness();
    } catch (Violation e) {
      violation = e;
    }
    return new Result(
        seed,
        agenda.now() - Setting.GENESIS_MICROS,
        oracle.commits(),
        oracle.viewMax(),
        havoc.happened(),
        steps,
        trace,
        violation,
        violation == null ? List.of() : story());
  }

  private void begin() {
    Dice dice = cluster.dice("begin");
    for (SimReplica replica : replicas) {
      agenda.after(dice.below(300_000), replica::start);
    }
    for (SimClient client : clients) {
      agenda.after(workload.around(submitGapMicros), () -> submitNext(client));
    }
    for (Liar liar : liars) {
      if (liar != null) {
        liar.begin();
      }
    }
    faults.forEach(havoc::plan);
  }

  private void submitNext(SimClient client) {
    if (submitting) {
      client.submit(false);
      long gap = submitGapMicros * (client.isStranger() ? 20 : Setting.CLIENTS);
      agenda.after(workload.around(gap), () -> submitNext(client));
    }
  }

  private void runUntil(long micros) {
    while (agenda.step(micros)) {
      steps++;
    }
  }

  private void safety() {
    long end = Setting.GENESIS_MICROS + 60 * SECOND * plan.minutes();
    runUntil(end);
    for (int more = 0; more < 60 && oracle.commits() < COMMITS_MIN; more++) {
      runUntil(agenda.now() + SECOND);
    }
  }

  private void liveness() {
    havoc.end();
    submitting = false;
    long before = oracle.commits();
    long began = agenda.now();
    long committed = committed();
    for (int i = 0; i < Setting.CLIENTS; i++) {
      clients.get(i).submit(true);
    }
    long bound = boundMicros();
    while (!complete(before, committed)) {
      if (agenda.now() > began + bound) {
        throw new Violation(
            "liveness", "not complete " + bound / SECOND + " s after the last fault");
      }
      runUntil(agenda.now() + SECOND / 5);
    }
    if (oracle.commits() < COMMITS_MIN) {
      submitting = true;
      clients.forEach(this::submitNext);
      runUntil(agenda.now() + 2 * 60 * SECOND);
    }
  }

  /**
   * How long it may take after the last fault: every deadline to pass and be asked about, as many
   * failed views as there are faulty replicas, each at the capped timeout, and a client's longest
   * wait before it sends again.
   */
  private long boundMicros() {
    long timeout = cluster.setting().parameters().viewTimeoutMillis() * 1_000L;
    long views = cluster.setting().f() + 2L;
    return 60 * SECOND + views * 32 * timeout + 20 * SECOND;
  }

  private long committed() {
    return clients.stream().mapToLong(SimClient::committed).sum();
  }

  private boolean complete(long before, long committed) {
    if (committed() < committed + Setting.CLIENTS) {
      return false;
    }
    for (SimClient client : clients) {
      if (client.pending() > 0) {
        return false;
      }
    }
    long low = Long.MAX_VALUE;
    long high = 0;
    for (SimReplica replica : correct()) {
      if (!replica.up()) {
        return false;
      }
      low = Math.min(low, replica.summary().executed());
      high = Math.max(high, replica.summary().executed());
    }
    return low >= before && high - low <= 2;
  }

  private List<String> story() {
    List<String> story = new ArrayList<>(lines);
    faults.forEach(fault -> story.add(fault.toString()));
    for (int i = 0; i < liars.size(); i++) {
      Liar liar = liars.get(i);
      if (liar != null) {
        story.add("r" + i + " lies: " + liar.kinds());
      }
    }
    replicas.forEach(replica -> story.add(replica.toString()));
    clients.forEach(client -> story.add(client.pendingText()));
    return story;
  }

  /** The replicas that don't lie. */
  List<SimReplica> correct() {
    return replicas.stream().filter(replica -> cluster.isCorrect(replica.index())).toList();
  }

  SimReplica replica(int index) {
    return replicas.get(index);
  }

  Oracle oracle() {
    return oracle;
  }

  @Override
  public void send(int from, int to, PeerMessage message) {
    Verified<PeerMessage> verified = admit(from, message);
    if (verified != null) {
      network.send(from, to, () -> deliver(from, to, verified));
    }
  }

  private void deliver(int from, int to, Verified<PeerMessage> message) {
    Liar liar = liars.get(to);
    if (liar == null) {
      replicas.get(to).receive(from, message);
    } else {
      liar.receive(from, message);
    }
  }

  /** A liar says something: whoever hears it checks it first. */
  @SuppressWarnings("ReferenceEquality") // the very message, on its way to each peer
  void transmit(int from, int to, PeerMessage message) {
    if (message != lastLie) {
      lastLie = message;
      lastLieVerified = null;
      try {
        if (cluster.verifier().peer(cluster.setting().id(from), cluster.carried(message))
            instanceof Verdict.Passed<PeerMessage>(var passed)) {
          lastLieVerified = passed;
        }
      } catch (MalformedMessage e) {
        lastLieVerified = null; // not even a message: its session would be closed
      }
    }
    Verified<PeerMessage> verified = lastLieVerified;
    if (verified != null) {
      network.send(from, to, () -> deliver(from, to, verified));
    }
  }

  /** What the boundary lets pass: of a correct replica everything, or else we are wrong. */
  @SuppressWarnings("ReferenceEquality") // the very message, on its way to each peer
  private @Nullable Verified<PeerMessage> admit(int from, PeerMessage message) {
    if (message == lastSent) {
      return lastVerified;
    }
    lastSent = message;
    lastVerified = Simulated.trusted(message);
    if (cluster.real()) {
      PeerMessage carried = cluster.roundTrip(message);
      lastVerified =
          switch (cluster.verifier().peer(cluster.setting().id(from), carried)) {
            case Verdict.Passed<PeerMessage>(var passed) -> passed;
            case Verdict.Failed<PeerMessage>(var failure) ->
                throw new Violation("verify", "r" + from + " says " + message + ": " + failure);
          };
    }
    return lastVerified;
  }

  @Override
  public void answer(int from, PublicKey client, Answer answer) {
    for (int i = 0; i < clients.size(); i++) {
      if (cluster.setting().client(i).equals(client)) {
        SimClient to = clients.get(i);
        network.send(from, plan.n() + i, () -> to.receive(from, answer));
        return;
      }
    }
  }

  private void ask(int client, int replica, Ask ask) {
    SimReplica to = replicas.get(replica);
    network.send(
        plan.n() + client,
        replica,
        () -> {
          Liar liar = liars.get(replica);
          if (liar != null) {
            liar.ask(client, ask);
          } else if (to.up()) {
            to.arrives(() -> to.application().ask(cluster.setting().client(client), ask));
          }
        });
  }

  @Override
  public void takes(SimReplica replica, Event event) {
    trace = Print.of(trace, agenda.now(), replica.index(), Print.of(event));
    if (telling) {
      lines.addLast(
          "%10.6f r%d %s"
              .formatted(
                  (agenda.now() - Setting.GENESIS_MICROS) / 1e6,
                  replica.index(),
                  Print.text(event)));
      if (lines.size() > STORY_LINES) {
        lines.removeFirst();
      }
    }
  }

  @Override
  public void reachable(int index, boolean up) {
    SimReplica changed = replicas.get(index);
    long life = changed.life();
    for (SimReplica other : replicas) {
      if (other != changed) {
        agenda.after(
            workload.between(500, 50_000),
            () -> {
              if (changed.life() == life && changed.up() == up && other.up()) {
                other.arrives(
                    () -> other.step(new Event.PeerReachable(cluster.setting().id(index), up)));
                changed.arrives(
                    () ->
                        changed.step(
                            new Event.PeerReachable(cluster.setting().id(other.index()), up)));
              }
            });
      }
    }
    for (int i = 0; i < clients.size(); i++) {
      int number = i;
      agenda.after(
          workload.between(500, 50_000),
          () -> {
            clients.get(number).reachable(index, up);
            if (changed.up()) {
              changed.application().greet(cluster.setting().client(number));
            }
          });
    }
  }
}
