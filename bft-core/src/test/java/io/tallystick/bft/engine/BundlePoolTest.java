package io.tallystick.bft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.engine.ordering.BundlePool;
import io.tallystick.bft.engine.ordering.BundlePool.Admission;
import io.tallystick.bft.fixture.SimCluster;
import io.tallystick.bft.fixture.StandInKeys;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BundlePoolTest {
  private static Bundle bundle(String client, String name, int requests, long deadline) {
    List<Request> list = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      list.add(StandInKeys.request(client, name + i, 10, deadline));
    }
    return StandInKeys.bundle(client, list);
  }

  @Test
  @DisplayName("R6.11 quotas count bytes and requests, per client and in total")
  void refusesOverEachQuota() {
    Bundle a = bundle("c", "a", 2, 100);
    BundlePool pool =
        new BundlePool(new AdmissionLimits(2 * a.weightBytes(), 100, 3 * a.weightBytes(), 7, 1), 4);
    assertEquals(Admission.ADMITTED, pool.admit(a, 100));
    assertEquals(Admission.KNOWN, pool.admit(a, 100));
    assertEquals(Admission.ADMITTED, pool.admit(bundle("c", "b", 2, 100), 100));
    assertEquals(Admission.CLIENT_QUOTA, pool.admit(bundle("c", "c", 2, 100), 100));
    assertEquals(Admission.ADMITTED, pool.admit(bundle("d", "d", 2, 100), 100));
    assertEquals(Admission.TOTAL_QUOTA, pool.admit(bundle("e", "e", 2, 100), 100));
    assertEquals(6, pool.chargedRequests());
    assertEquals(3 * a.weightBytes(), pool.chargedBytes());
  }

  @Test
  @DisplayName("R12.1 what is executed, or past its deadline, gives its quota back")
  void givesQuotaBack() {
    BundlePool pool = new BundlePool(new AdmissionLimits(1 << 20, 4, 1 << 20, 4, 1), 4);
    Bundle a = bundle("c", "a", 2, 50);
    pool.admit(a, 100);
    pool.admit(bundle("c", "b", 2, 50), 100);
    pool.executed(a.digest());
    assertEquals(2, pool.chargedRequests());
    pool.sweep(50);
    assertEquals(2, pool.chargedRequests(), "the deadline itself is in time");
    pool.sweep(51);
    assertEquals(0, pool.chargedRequests());
    assertEquals(0, pool.chargedBytes());
    assertEquals(0, pool.queuedBundles());
    assertEquals(Admission.ADMITTED, pool.admit(bundle("c", "c", 4, 90), 100));
  }

  @Test
  @DisplayName("R12.1 a bundle whose deadline is absurdly far is dropped when nobody proposes it")
  void dropsWhatNobodyProposes() {
    BundlePool pool = new BundlePool(AdmissionLimits.defaults(), 4);
    pool.admit(bundle("c", "a", 1, Long.MAX_VALUE), 1_000);
    pool.sweep(1_000);
    assertEquals(1, pool.queuedBundles());
    pool.sweep(1_001);
    assertEquals(0, pool.queuedBundles());
  }

  @Test
  @DisplayName("R6.10 R6.11 a hot client with a full quota delays a quiet one by a batch at most")
  void starvesNobody() {
    SimCluster cluster = SimCluster.of(4);
    for (int i = 0; i < 60; i++) {
      cluster.submit(bundle("hot", "h" + i + ".", 1, Long.MAX_VALUE), 0);
    }
    Bundle quiet = bundle("quiet", "q", 1, Long.MAX_VALUE);
    cluster.name(quiet, "quiet");
    cluster.submit(quiet, 0);
    cluster.run(100);
    String first =
        cluster.log().stream()
            .filter(line -> line.startsWith("r0 executes") && line.contains("quiet"))
            .findFirst()
            .orElse("never");
    assertTrue(first.startsWith("r0 executes 5:"), first);
  }
}
