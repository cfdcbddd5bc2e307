package io.tallystick.tests.sim;

import java.util.ArrayList;
import java.util.List;

/** Makes a run's faults happen, and ends them all when it is told to. */
final class Havoc {
  private final World world;
  private final Cluster cluster;
  private final Network network;
  private final Dice dice;
  private final List<Runnable> ends = new ArrayList<>();
  private int brokenMax;
  private int broken;
  private long happened;
  private boolean over;

  Havoc(World world, Cluster cluster, Network network, int brokenMax) {
    this.world = world;
    this.cluster = cluster;
    this.network = network;
    this.dice = cluster.dice("havoc");
    this.brokenMax = brokenMax;
  }

  /** Faults that happened. */
  long happened() {
    return happened;
  }

  /** Enters a fault into the agenda. */
  void plan(Fault fault) {
    cluster
        .agenda()
        .at(
            Setting.GENESIS_MICROS + fault.atMicros(),
            () -> {
              if (!over) {
                happen(fault);
              }
            });
  }

  /** From now on everything works: what is cut is joined, what is down is started. */
  void end() {
    over = true;
    List<Runnable> open = new ArrayList<>(ends);
    ends.clear();
    open.forEach(Runnable::run);
    for (SimReplica replica : world.correct()) {
      replica.pause(false);
      replica.start();
    }
  }

  private void until(Fault fault, Runnable end) {
    ends.add(end);
    cluster
        .agenda()
        .after(
            fault.forMicros(),
            () -> {
              if (ends.remove(end)) {
                end.run();
              }
            });
  }

  private void happen(Fault fault) {
    happened++;
    SimReplica replica = world.replica(fault.node());
    switch (fault.kind()) {
      case CRASH -> crash(fault, replica, false);
      case POWER -> crash(fault, replica, true);
      case BLACKOUT -> {
        for (SimReplica each : world.correct()) {
          crash(fault, each, true);
        }
      }
      case PAUSE -> {
        replica.pause(true);
        until(fault, () -> replica.pause(false));
      }
      case CLOCK -> {
        long jump = (fault.extent() - 5_000L) * (fault.extent() % 7 == 0 ? 100_000 : 1_000);
        replica.clock().jump(jump);
        until(fault, () -> replica.clock().jump(-jump));
      }
      case SLOW_DISK -> {
        long micros = 2_000 + fault.extent() * 60L;
        replica.storage().slow(micros);
        replica.application().slow(4 * micros);
        until(
            fault,
            () -> {
              replica.storage().slow(250);
              replica.application().slow(2_000);
            });
      }
      case FULL_DISK -> {
        replica.storage().disk().full(true);
        until(fault, () -> replica.storage().disk().full(false));
      }
      case FAILED_SYNC -> replica.storage().disk().failSyncs(true);
      case WIPE -> {
        if (mayBreak(replica)) {
          replica.wipe();
        }
      }
      case ROT -> {
        if (mayBreak(replica) && replica.storage().disk().rot(dice)) {
          crash(fault, replica, true);
        }
      }
      case PARTITION, ONE_WAY, CLOG, LOSS, DUPLICATE, DELAY -> disturbLinks(fault);
    }
  }

  private boolean mayBreak(SimReplica replica) {
    if (broken >= brokenMax || !replica.up() || !cluster.isCorrect(replica.index())) {
      return false;
    }
    broken++;
    world.oracle().disturb(replica.index());
    return true;
  }

  private void crash(Fault fault, SimReplica replica, boolean powerCut) {
    replica.crash(powerCut);
    until(fault, replica::start);
  }

  private void disturbLinks(Fault fault) {
    int ends = network.ends();
    int n = cluster.setting().n();
    int side = 1 + fault.extent() % n;
    for (int from = 0; from < ends; from++) {
      for (int to = 0; to < ends; to++) {
        if (from == to) {
          continue;
        }
        boolean apart = inside(from, fault, side) != inside(to, fault, side);
        boolean ofNode = from == fault.node() || to == fault.node();
        boolean fromNode = from == fault.node() && (fault.extent() % 3 > 0 || to == side - 1);
        boolean all = fault.extent() % 2 == 0;
        switch (fault.kind()) {
          case PARTITION -> cut(fault, apart && from < n && to < n, from, to);
          case ONE_WAY ->
              cut(fault, fault.extent() % 5 == 0 ? to == fault.node() : fromNode, from, to);
          case CLOG -> {
            if (ofNode) {
              network.clog(from, to, cluster.agenda().now() + fault.forMicros());
            }
          }
          case LOSS -> lose(fault, all || ofNode, from, to);
          case DUPLICATE -> duplicate(fault, all || ofNode, from, to);
          case DELAY -> delay(fault, all || ofNode, from, to);
          default -> throw new IllegalStateException("no fault of links: " + fault);
        }
      }
    }
  }

  /** Whether an end is on the one side of a partition: so many replicas from one on. */
  private boolean inside(int end, Fault fault, int side) {
    int n = cluster.setting().n();
    return end < n && (end - fault.node() + n) % n < side;
  }

  private void cut(Fault fault, boolean concerned, int from, int to) {
    if (concerned) {
      network.cut(from, to, true);
      until(fault, () -> network.cut(from, to, false));
    }
  }

  private void lose(Fault fault, boolean concerned, int from, int to) {
    if (concerned) {
      int more = 50 + fault.extent() / (fault.extent() % 3 == 0 ? 2 : 10);
      network.lose(from, to, more);
      until(fault, () -> network.lose(from, to, -more));
    }
  }

  private void duplicate(Fault fault, boolean concerned, int from, int to) {
    if (concerned) {
      int more = 100 + fault.extent() / 4;
      network.duplicate(from, to, more);
      until(fault, () -> network.duplicate(from, to, -more));
    }
  }

  private void delay(Fault fault, boolean concerned, int from, int to) {
    if (concerned) {
      long more = 2_000 + fault.extent() * 40L;
      network.delay(from, to, more);
      until(fault, () -> network.delay(from, to, -more));
    }
  }
}
