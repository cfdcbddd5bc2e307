package io.tallystick.bft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.fixture.SimCluster;
import io.tallystick.bft.fixture.SimNode;
import io.tallystick.bft.fixture.StandInKeys;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.PeerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Crashes at every single effect of a run: what was said stays said, and everything completes. */
class CrashPointTest {
  private static final int BUNDLES = 7;

  @Test
  @DisplayName("S55 a backup that loses power before any of its effects contradicts nothing")
  void crashesABackupAtEveryEffect() {
    assertTrue(crashEverywhere(2, false) > 50);
  }

  @Test
  @DisplayName(
      "S55 S22 R8.13 a primary that loses power before any of its effects hands on (R10.2)")
  void crashesThePrimaryAtEveryEffect() {
    assertTrue(crashEverywhere(0, false) > 50);
  }

  @Test
  @DisplayName("S55 all replicas lose power when one is at any of its effects")
  void crashesEverybodyAtEveryEffectOfOne() {
    assertTrue(crashEverywhere(0, true) > 50);
    assertTrue(crashEverywhere(1, true) > 50);
  }

  @Test
  @DisplayName("S55 S22 R8.2 R8.3 a replica loses power before any of its effects in a view change")
  void crashesAtEveryEffectOfAViewChange() {
    for (int victim = 0; victim < 4; victim++) {
      int point = 0;
      while (changeViews(victim, victim % 2 == 0, point)) {
        point++;
      }
      assertTrue(point > 10, "points: " + point);
    }
  }

  /** The views change while one batch is prepared here and there; returns whether it crashed. */
  private static boolean changeViews(int victim, boolean everybody, int point) {
    SimCluster cluster = SimCluster.of(4);
    List<Bundle> bundles = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      bundles.add(
          StandInKeys.bundle("c", List.of(StandInKeys.request("c", "b" + i, 10, Long.MAX_VALUE))));
    }
    submit(cluster, bundles.get(0));
    cluster.deliver(_ -> true);
    submit(cluster, bundles.get(1));
    cluster.deliver(message -> message.message() instanceof PeerMessage.PrePrepare);
    cluster.deliver(message -> message.to() == 2 && message.from() != 0);
    cluster.drop(_ -> true);
    cluster.node(victim).crashAfterEffects(point);
    for (int i = 1; i < 4; i++) {
      if (cluster.node(i).up()) {
        cluster.node(i).fire(TimerName.VIEW);
      }
    }
    cluster.deliver(_ -> true);
    boolean reached = !cluster.node(victim).up();
    for (int i = 0; i < 4; i++) {
      if (everybody && reached && cluster.node(i).up()) {
        cluster.crash(i, true, 0);
      }
    }
    cluster.node(victim).crashAfterEffects(-1);
    for (int i = 0; i < 4; i++) {
      if (!cluster.node(i).up()) {
        cluster.restart(i);
      }
    }
    cluster.run(3_000);
    bundles.forEach(bundle -> submit(cluster, bundle));
    cluster.run(8_000);
    for (SimNode node : cluster.nodes()) {
      assertEquals(
          bundles.size(), node.machine().effects().size(), "crash before effect " + point + node);
    }
    return reached;
  }

  /** Returns how many points there were. */
  private static int crashEverywhere(int victim, boolean everybody) {
    int point = 0;
    while (run(victim, everybody, point)) {
      point++;
    }
    return point;
  }

  /** Returns whether the run was long enough to get to that point. */
  private static boolean run(int victim, boolean everybody, int point) {
    SimCluster cluster = SimCluster.of(4);
    List<Bundle> bundles = new ArrayList<>();
    cluster.node(victim).crashAfterEffects(point);
    for (int i = 0; i < BUNDLES; i++) {
      Bundle bundle =
          StandInKeys.bundle("c", List.of(StandInKeys.request("c", "b" + i, 10, Long.MAX_VALUE)));
      bundles.add(bundle);
      submit(cluster, bundle);
      cluster.deliver(_ -> true);
      if (everybody && !cluster.node(victim).up()) {
        for (int other = 0; other < cluster.size(); other++) {
          if (cluster.node(other).up()) {
            cluster.crash(other, true, 0);
          }
        }
        break;
      }
    }
    boolean reached = !cluster.node(victim).up();
    cluster.node(victim).crashAfterEffects(-1);
    for (int i = 0; i < cluster.size(); i++) {
      if (!cluster.node(i).up()) {
        cluster.restart(i);
      }
    }
    cluster.run(1_500);
    bundles.forEach(bundle -> submit(cluster, bundle));
    cluster.run(1_500);
    for (SimNode node : cluster.nodes()) {
      assertEquals(
          bundles.size(), node.machine().effects().size(), "crash before effect " + point + node);
    }
    return reached;
  }

  private static void submit(SimCluster cluster, Bundle bundle) {
    for (int i = 0; i < cluster.size(); i++) {
      cluster.submit(bundle, i);
    }
  }
}
