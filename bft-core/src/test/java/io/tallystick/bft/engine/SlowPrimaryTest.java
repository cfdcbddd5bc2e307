package io.tallystick.bft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.fixture.SimCluster;
import io.tallystick.bft.fixture.StandInKeys;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.PeerMessage.PendingBundles;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What counts against a primary that is alive, and what doesn't. */
class SlowPrimaryTest {
  private final SimCluster cluster = SimCluster.of(4);

  private static Bundle bundle(String client, String name, int requests, int bytes) {
    List<Request> list = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      list.add(StandInKeys.request(client, name + "." + i, bytes, Long.MAX_VALUE));
    }
    return StandInKeys.bundle(client, list);
  }

  private void submit(Bundle bundle, int... nodes) {
    for (int node : nodes) {
      cluster.submit(bundle, node);
    }
    cluster.settle();
  }

  private long view() {
    return cluster.nodes().stream().mapToLong(node -> node.summary().view()).max().orElse(0);
  }

  /** Delivers all but what would tell the primary of bundles that it pretends not to know. */
  private void runDeaf(long millis) {
    for (long done = 0; done < millis; done += 10) {
      cluster.drop(message -> message.message() instanceof PendingBundles);
      cluster.deliver(
          message -> message.to() != 0 || !(message.message() instanceof PendingBundles));
      cluster.tick(10);
    }
  }

  @Test
  @DisplayName("R8.17 a primary that leaves a bundle out while its batches have room is deposed")
  void deposesAPrimaryThatCensors() {
    Bundle censored = bundle("victim", "v", 1, 10);
    submit(censored, 1, 2, 3);
    for (int i = 0; i < 12 && view() == 0; i++) {
      submit(bundle("friend", "f" + i, 1, 10), 0, 1, 2, 3);
      runDeaf(400);
    }
    assertEquals(1, view());
    cluster.run(500);
    assertTrue(
        cluster.node(1).machine().effects().stream().anyMatch(key -> key.startsWith("victim")));
  }

  @Test
  @DisplayName("R8.17 R6.15 proposing nothing but empty batches doesn't help it")
  void deposesAPrimaryThatProposesEmptyBatches() {
    submit(bundle("victim", "v", 1, 10), 1, 2, 3);
    runDeaf(5_000);
    assertEquals(1, view());
  }

  @Test
  @DisplayName("R8.16 R8.17 a client that sends each bundle to some backups only deposes nobody")
  void keepsAPrimaryThatAClientWouldDepose() {
    for (int i = 0; i < 60; i++) {
      submit(bundle("c", "one" + i, 1, 10), 1 + i % 3);
      submit(bundle("c", "two" + i, 1, 10), 2, 3);
      submit(bundle("d", "other" + i + " to 1", 1, 10), 1);
      submit(bundle("d", "other" + i + " to 2", 1, 10), 2);
      cluster.run(250);
    }
    cluster.run(3_000);
    assertEquals(0, view());
    assertEquals(240, cluster.node(3).machine().effects().size());
  }

  @Test
  @DisplayName("R8.17 a batch without room for it leaves a bundle out by right")
  void keepsAPrimaryWhoseBatchesAreFull() {
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < 8; i++) {
        submit(bundle("c" + i % 4, "r" + round + "." + i, 7, 40), 0, 1, 2, 3);
      }
      cluster.tick(200); // more comes than goes: a batch takes 16 requests
      for (int i = 0; i < 2; i++) {
        cluster.deliver(message -> message.message() instanceof PrePrepare);
        cluster.deliver(_ -> true);
      }
    }
    assertEquals(0, view());
  }

  @Test
  @DisplayName("R8.18 whoever else sends how much, a bundle waits for n+1 quotas of bytes at most")
  void deposesAPrimaryThatPassesOverABundleForever() {
    AdmissionLimits small = new AdmissionLimits(1 << 14, 100, 1 << 14, 100, 200);
    SimCluster tight = new SimCluster(4, SimCluster.parameters(4, 8), small, SimCluster.transfer());
    Bundle victim = bundle("victim", "v", 8, 10);
    for (int node = 1; node < 4; node++) {
      tight.submit(victim, node);
    }
    tight.tick(500);
    tight.drop(message -> message.message() instanceof PendingBundles);
    long proposed = 0;
    long seq = 0;
    // r0 is faulty: batches of one full client, none with room for the victim's eight requests
    tight.crash(0, true, 0);
    for (int i = 1; i < 4; i++) {
      tight.node(i).step(new Event.PeerReachable(new ReplicaId(0), true));
    }
    while (proposed < 6L << 14 && tight.node(1).summary().view() == 0) {
      List<Bundle> full = List.of(bundle("f", "x" + seq, 8, 100), bundle("f", "y" + seq, 7, 100));
      List<io.tallystick.crypto.Digest> digests = full.stream().map(Bundle::digest).toList();
      Batch batch = new Batch(tight.wallMicros(), digests);
      Vote vote =
          Vote.of(VotePhase.PRE_PREPARE, new ReplicaId(0), 0, new Slot(0, ++seq), batch.digest());
      for (int i = 1; i < 4; i++) {
        tight.forge(0, i, new PrePrepare(StandInKeys.sign(vote), List.of(batch)));
        for (Bundle body : full) {
          tight.forge(0, i, new io.tallystick.bft.message.PeerMessage.BundleBody(body));
        }
      }
      tight.deliver(_ -> true);
      tight.tick(1);
      proposed += full.stream().mapToLong(Bundle::weightBytes).sum();
    }
    assertEquals(1, tight.node(1).summary().view());
    assertTrue(proposed > 4L << 14, "proposed: " + proposed);
  }

  @Test
  @DisplayName(
      "S28 R8.19 a primary whose clock lags for long is deposed, one that lags once is not")
  void deposesAPrimaryWhoseClockLags() {
    cluster.node(0).skew(-6_000_000);
    submit(bundle("c", "a", 1, 10), 0, 1, 2, 3);
    cluster.deliver(_ -> true);
    assertEquals(0, view());
    cluster.run(8_000);
    assertEquals(1, view());
  }

  @Test
  @DisplayName("R8.18 the primary serves first what saw a quota's bytes go by")
  void servesTheOldestFirst() {
    AdmissionLimits small = new AdmissionLimits(1 << 14, 1_000, 1 << 14, 1_000, 200);
    SimCluster tight = new SimCluster(4, SimCluster.parameters(4, 8), small, SimCluster.transfer());
    // the victim's second bundle waits behind its first while others take their turns
    for (int i = 0; i < 12; i++) {
      tight.submit(bundle("victim", "v" + i, 1, 10), 0);
    }
    for (int round = 0; round < 40; round++) {
      for (int other = 0; other < 4; other++) {
        tight.submit(bundle("o" + other, "r" + round, 4, 100), 0);
      }
      tight.deliver(_ -> true);
    }
    long done =
        tight.node(0).machine().effects().stream().filter(k -> k.startsWith("victim")).count();
    assertEquals(12, done);
  }

  @Test
  @DisplayName("S28 R6.16 clocks that jump are counted, and hurt nobody")
  void countsClocksThatJump() {
    cluster.run(100);
    long before = cluster.node(1).summary().clockJumps();
    cluster.jump(4_000_000);
    submit(bundle("c", "a", 1, 10), 0, 1, 2, 3);
    cluster.run(100);
    cluster.jump(-4_000_000);
    submit(bundle("c", "b", 1, 10), 0, 1, 2, 3);
    cluster.run(100);
    assertEquals(before + 2, cluster.node(1).summary().clockJumps());
    assertEquals(2, cluster.node(3).machine().effects().size());
    assertEquals(0, view());
  }
}
