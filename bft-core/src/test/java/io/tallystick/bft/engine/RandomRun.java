package io.tallystick.bft.engine;

import io.tallystick.bft.fixture.Liar;
import io.tallystick.bft.fixture.SimCluster;
import io.tallystick.bft.fixture.SimCluster.InFlight;
import io.tallystick.bft.fixture.SimNode;
import io.tallystick.bft.fixture.SimNode.Work;
import io.tallystick.bft.fixture.StandInKeys;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Request;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One run drawn from a seed: a phase of faults (loss, duplicates, reordering, cut links, crashes
 * with and without power, held syncs, skewed clocks, timers that run out, in some runs a liar),
 * then a phase in which everything works but for the liar, and everything must complete.
 */
final class RandomRun {
  private static final List<Work> WORK = List.copyOf(EnumSet.allOf(Work.class));
  private static final int[] SIZES = {4, 4, 4, 5, 6, 7};
  private static final int SUBMISSIONS_MAX = 200;

  /**
   * Deliver, work, tick, submit, lose, duplicate, hold, crash, restart, cut, wait long: how often.
   */
  private static final int[] ROUGH = {620, 180, 40, 50, 50, 20, 25, 7, 8, 3, 4};

  private static final int[] CALM = {700, 236, 15, 35, 3, 3, 4, 2, 2, 1, 1};

  private final Random random;
  private final SimCluster cluster;
  private final List<Bundle> bundles = new ArrayList<>();
  private final int[] weights;
  private final int total;
  private final int steps;
  private final int liar;
  private int crashes;

  RandomRun(long seed) {
    random = new Random(seed);
    boolean rough = random.nextInt(3) > 0;
    weights = rough ? ROUGH : CALM;
    total = IntStream.of(weights).sum();
    steps = rough ? 1_500 : 6_000;
    cluster =
        new SimCluster(
            SIZES[random.nextInt(SIZES.length)],
            SimCluster.parameters(4, 8),
            AdmissionLimits.defaults(),
            SimCluster.transfer());
    liar = random.nextInt(3) == 0 ? random.nextInt(cluster.size()) : -1;
    cluster.lies(liar, new Liar(random));
    for (SimNode node : cluster.nodes()) {
      node.skew(random.nextLong(-3_000_000, 3_000_000));
    }
  }

  /** Runs to the end, unless the oracle fails it earlier; returns the highest view. */
  long run() {
    for (int step = 0; step < steps; step++) {
      fault();
    }
    cluster.heal();
    for (int i = 0; i < cluster.size(); i++) {
      for (Work work : WORK) {
        cluster.node(i).hold(work, false);
      }
      if (!cluster.node(i).up()) {
        cluster.restart(i);
      }
    }
    complete();
    return cluster.nodes().stream().mapToLong(node -> node.summary().view()).max().orElse(0);
  }

  private void fault() {
    int dice = random.nextInt(total);
    int chosen = 0;
    while (dice >= weights[chosen]) {
      dice -= weights[chosen++];
    }
    switch (chosen) {
      case 0 -> deliverOne();
      case 1 -> workOne();
      case 2 -> cluster.tickWithoutWork(random.nextInt(60));
      case 3 -> submit();
      case 4 -> loseOne();
      case 5 -> duplicateOne();
      case 6 -> hold();
      case 7 -> crashOne();
      case 8 -> restartOne();
      case 9 -> cutOrHeal();
      default -> cluster.tickWithoutWork(300 + random.nextInt(2_500));
    }
  }

  private void deliverOne() {
    if (!cluster.network().isEmpty()) {
      int index = random.nextInt(Math.min(cluster.network().size(), 12));
      InFlight message = cluster.network().remove(index);
      cluster.deliver(message);
    }
  }

  private void workOne() {
    SimNode node = cluster.node(random.nextInt(cluster.size()));
    List<Work> work = node.work();
    if (!work.isEmpty()) {
      node.perform(work.get(random.nextInt(work.size())));
    }
  }

  private void cutOrHeal() {
    if (random.nextInt(3) == 0) {
      cluster.heal();
      return;
    }
    int one = random.nextInt(cluster.size());
    boolean oneWay = random.nextBoolean();
    for (int other = 0; other < cluster.size(); other++) {
      if (other != one && random.nextInt(4) > 0) {
        cluster.cut(one, other);
        if (!oneWay) {
          cluster.cut(other, one);
        }
      }
    }
  }

  private void submit() {
    if (bundles.size() >= SUBMISSIONS_MAX) {
      return;
    }
    Bundle bundle;
    if (!bundles.isEmpty() && random.nextInt(4) == 0) {
      bundle = bundles.get(random.nextInt(bundles.size())); // a retry
    } else {
      List<Request> requests = new ArrayList<>();
      String client = "c" + random.nextInt(3);
      for (int i = random.nextInt(3); i >= 0; i--) {
        String name = "b" + bundles.size() + "." + i;
        requests.add(StandInKeys.request(client, name, 10, Long.MAX_VALUE));
      }
      bundle = StandInKeys.bundle(client, requests);
      cluster.name(bundle, "b" + bundles.size());
      bundles.add(bundle);
    }
    for (int i = 0; i < cluster.size(); i++) {
      if (cluster.node(i).up() && random.nextInt(4) > 0) {
        cluster.submit(bundle, i);
      }
    }
  }

  private void loseOne() {
    if (!cluster.network().isEmpty()) {
      cluster.network().remove(random.nextInt(cluster.network().size()));
    }
  }

  private void duplicateOne() {
    if (!cluster.network().isEmpty()) {
      InFlight message = cluster.network().get(random.nextInt(cluster.network().size()));
      cluster.network().add(message);
    }
  }

  private void hold() {
    SimNode node = cluster.node(random.nextInt(cluster.size()));
    Work work = WORK.get(random.nextInt(WORK.size()));
    node.hold(work, random.nextInt(3) == 0);
  }

  private void crashOne() {
    int index = random.nextInt(cluster.size());
    boolean all = random.nextInt(8) == 0;
    boolean powerCut = random.nextBoolean();
    for (int i = 0; i < cluster.size(); i++) {
      if ((all || i == index) && cluster.node(i).up()) {
        crashes++;
        int unsynced = cluster.node(i).journal().unsynced();
        cluster.crash(i, powerCut, powerCut ? 0 : random.nextInt(unsynced + 1));
      }
    }
  }

  private void restartOne() {
    for (int i = 0; i < cluster.size(); i++) {
      if (!cluster.node(i).up()) {
        cluster.restart(i);
        return;
      }
    }
  }

  private void complete() {
    for (int round = 0; round < 400; round++) {
      for (Bundle bundle : bundles) {
        for (int i = 0; i < cluster.size(); i++) {
          cluster.submit(bundle, i); // clients retry until they know
        }
      }
      cluster.run(500);
      if (complete(bundles)) {
        return;
      }
    }
    StringBuilder text = new StringBuilder("not complete after " + crashes + " crashes:");
    cluster.nodes().forEach(node -> text.append('\n').append(node));
    throw new AssertionError(text.toString());
  }

  private boolean complete(List<Bundle> all) {
    long requests = all.stream().mapToLong(bundle -> bundle.requests().size()).sum();
    long executed = cluster.node(liar == 0 ? 1 : 0).summary().executed();
    for (int i = 0; i < cluster.size(); i++) {
      SimNode node = cluster.node(i);
      if (i == liar) {
        continue;
      }
      if (node.machine().effects().size() != requests || node.summary().executed() != executed) {
        return false;
      }
    }
    return true;
  }
}
