package io.tallystick.bft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.fixture.SimCluster;
import io.tallystick.bft.fixture.StandInKeys;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.Bundle;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A replica that was away for long, with the parameters of a real cluster. */
class CatchUpTest {
  private static final int AWAY_SLOTS = 4_000;

  private static SimCluster realistic() {
    return new SimCluster(
        4, Parameters.defaults(), AdmissionLimits.defaults(), TransferLimits.defaults());
  }

  private static void order(SimCluster cluster, int count, String name) {
    for (int i = 0; i < count; i++) {
      Bundle bundle =
          StandInKeys.bundle("c", List.of(StandInKeys.request("c", name + i, 10, Long.MAX_VALUE)));
      for (int node = 0; node < cluster.size(); node++) {
        cluster.submit(bundle, node);
      }
      cluster.deliver(message -> cluster.node(message.to()).up());
    }
  }

  @Test
  @DisplayName("S27 R9.3 a backup that was away for 4,000 slots is back within seconds, and votes")
  void catchesUpAfterManySlots() {
    SimCluster cluster = realistic();
    cluster.crash(3, true, 0);
    order(cluster, AWAY_SLOTS, "away");
    cluster.restart(3);
    cluster.run(10_000);
    assertEquals(
        cluster.node(0).summary().executed(), cluster.node(3).summary().executed(), "executed");
    assertEquals(cluster.node(0).summary().stable(), cluster.node(3).summary().stable(), "stable");
    int batches = cluster.sent().getOrDefault("CommittedBatch", 0);
    assertTrue(batches < AWAY_SLOTS * 11 / 10, "batches sent: " + batches);

    cluster.crash(1, true, 0);
    long before = cluster.node(0).summary().executed();
    order(cluster, 5, "after");
    assertEquals(before + 5, cluster.node(3).summary().executed(), "goes on with its votes");
  }

  @Test
  @DisplayName("S27 R9.3 only a quorum is alive, and one of it is far behind: it goes on")
  void goesOnWhenAQuorumHoldsALaggard() {
    SimCluster cluster = realistic();
    cluster.crash(3, true, 0);
    order(cluster, 1_500, "away");
    cluster.crash(2, true, 0);
    cluster.restart(3);
    order(cluster, 3, "more");
    cluster.run(10_000);
    assertEquals(1_503, cluster.node(3).machine().effects().size());
    assertEquals(1_503, cluster.node(0).machine().effects().size());
  }

  @Test
  @DisplayName("S55 R9.5 all lose power after a laggard caught up within the window")
  void keepsWhatItCaughtUp() {
    SimCluster cluster = realistic();
    cluster.crash(3, true, 0);
    order(cluster, 100, "away");
    cluster.restart(3);
    cluster.run(2_000);
    for (int i = 0; i < 4; i++) {
      cluster.crash(i, true, 0);
    }
    cluster.restart(3); // alone: it executes again what it wrote down
    cluster.run(100);
    assertEquals(100, cluster.node(3).machine().effects().size());
  }

  @Test
  @DisplayName("R7.4 the journal holds no more than what lies above the last stable checkpoint")
  void cutsTheJournal() {
    SimCluster cluster = realistic();
    int most = 0;
    for (int i = 0; i < 20; i++) {
      order(cluster, 100, "round " + i + ".");
      most = Math.max(most, cluster.node(2).journal().entries().size());
    }
    assertTrue(most < 2_000, "most records: " + most);
    assertEquals(2_000, cluster.node(2).machine().effects().size());
  }
}
