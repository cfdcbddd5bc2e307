package io.tallystick.bft.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.journal.Disk;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.AskFull;
import io.tallystick.bft.message.ClientMessage.AskHead;
import io.tallystick.bft.message.ClientMessage.AskOutcome;
import io.tallystick.bft.message.ClientMessage.AskRead;
import io.tallystick.bft.message.ClientMessage.AskStanding;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Full;
import io.tallystick.bft.message.ClientMessage.Greeting;
import io.tallystick.bft.message.ClientMessage.HeadAnswer;
import io.tallystick.bft.message.ClientMessage.OutcomeAnswer;
import io.tallystick.bft.message.ClientMessage.ReadAnswer;
import io.tallystick.bft.message.ClientMessage.Standing;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.verify.Verifier;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Ed25519;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ReplicaHostTest {
  private static final ReplicaId PRIMARY = Cluster.replica(0);
  private static final ReplicaId BACKUP = Cluster.replica(3);

  @TempDir Path directory;
  private HostCluster hosts;
  private List<ReplicaId> all;

  @BeforeEach
  void start() throws IOException {
    hosts = new HostCluster(directory, Disk.real());
    all = hosts.cluster.membership().ids();
    hosts.startAll();
  }

  @AfterEach
  void stop() throws IOException {
    hosts.close();
    assertEquals(List.of(), hosts.fatal);
  }

  @Test
  void executesWhatAClientSubmitsAndAnswersAlike() {
    TestClient client = hosts.client(1);
    Verifier verifier = hosts.cluster.verifier();
    for (int i = 0; i < 20; i++) {
      Bundle bundle = client.bundle(10 * i, 10);
      client.submit(bundle, all);
      Map<ReplicaId, BundleReply> replies = client.replies(bundle.digest(), all);

      List<Outcome> expected =
          LongStream.range(10L * i, 10L * i + 10).mapToObj(Outcome::committed).toList();
      ReplicaId full = Replies.fullReplier(hosts.cluster.membership(), bundle.digest());
      replies.forEach(
          (replica, reply) -> {
            assertEquals(expected, reply.outcomes());
            assertEquals(replica, reply.head().replica());
            assertTrue(verifier.cosignature(reply.head()).passed());
            assertEquals(replica.equals(full), reply.full().isPresent(), "in full: " + replica);
          });
      assertLogSignature(Objects.requireNonNull(replies.get(full)));
    }
  }

  private void assertLogSignature(BundleReply reply) {
    Full full = reply.full().orElseThrow();
    String text =
        io.tallystick.crypto.note.Checkpoint.of(
                Cluster.ORIGIN, reply.head().head().size(), reply.head().head().root())
            .text();
    assertTrue(
        Ed25519.verify(
            hosts.cluster.logKey().publicKey(),
            Bytes.utf8(text).unsafeArray(),
            full.logSignature()));
    assertEquals(
        "appendix of " + reply.bundle() + " at " + reply.head().head().size(),
        full.appendix().toUtf8());
  }

  @Test
  @DisplayName("S13 S14 a bundle submitted again is answered again, and takes effect once")
  void answersABundleAgain() {
    TestClient client = hosts.client(1);
    Bundle bundle = client.bundle(0, 3);
    client.submit(bundle, all);
    client.replies(bundle.digest(), all);
    client.submit(bundle, all);
    for (ReplicaId replica : all) {
      HostCluster.await(
          () ->
              client.session(replica).answers().stream()
                      .filter(answer -> answer instanceof BundleReply)
                      .count()
                  == 2,
          () -> replica + " didn't answer again");
      assertEquals(3, hosts.machine(replica).state().head().size());
    }
  }

  @Test
  void answersReads() {
    TestClient client = hosts.client(1);
    Bundle bundle = client.bundle(0, 2);
    client.submit(bundle, all);
    client.replies(bundle.digest(), all);
    Request request = bundle.requests().get(1);
    for (ReplicaId replica : all) {
      TestClient.Session session = client.session(replica);
      session.await(Greeting.class, _ -> true);
      session.ask(new AskRead(1, Bytes.utf8("how many?")));
      ReadAnswer read = session.await(ReadAnswer.class, answer -> answer.query() == 1);
      assertEquals("2", read.answer().toUtf8());
      session.ask(new AskOutcome(2, request.principal(), request.id(), request.deadlineMicros()));
      OutcomeAnswer outcome = session.await(OutcomeAnswer.class, answer -> answer.query() == 2);
      assertEquals(Outcome.committed(1), outcome.outcome());
      session.ask(new AskStanding(3));
      Standing standing = session.await(Standing.class, answer -> answer.query() == 3);
      assertEquals(replica, standing.replica());
      assertTrue(standing.voting());
      assertEquals("0.1.0-test", standing.version());
      session.ask(new AskFull(bundle.digest()));
      BundleReply full = session.await(BundleReply.class, answer -> answer.full().isPresent());
      assertLogSignature(full);
    }
  }

  @Test
  void publishesHeadsThatVerify() {
    TestClient client = hosts.client(1);
    Bundle bundle = client.bundle(0, 2);
    client.submit(bundle, all);
    client.replies(bundle.digest(), all);
    TestClient.Session session = client.session(BACKUP);
    HostCluster.await(() -> hosts.machine(BACKUP).published() > 0, () -> "no published head");
    session.ask(new AskHead(7));
    HeadAnswer head = session.await(HeadAnswer.class, answer -> answer.query() == 7);
    assertTrue(hosts.cluster.verifier().publishedHead(head.head().orElseThrow().head()).passed());
  }

  @Test
  @DisplayName("S55 a backup that was away catches up within and beyond the window")
  void bringsABackupBack() throws IOException {
    TestClient client = hosts.client(1);
    submitAndAwait(client, 0, 5, all);
    hosts.stop(BACKUP);
    List<ReplicaId> others = all.subList(0, 3);
    submitAndAwait(client, 5, 60, others);
    hosts.awaitExecuted(50);

    hosts.start(BACKUP);
    long seq = hosts.host(PRIMARY).summary().executed();
    hosts.awaitExecuted(seq);
    submitAndAwait(client, 65, 5, all);
    assertSameTrees(70);
  }

  @Test
  @DisplayName("S55 after all lost power at once, all that was answered is there, and none twice")
  void survivesALossOfPowerOfAll() throws IOException {
    for (int round = 0; round < 3; round++) {
      TestClient client = hosts.client(10 + round);
      submitAndAwait(client, 1_000 * round, 30, all);
      for (ReplicaId replica : all) {
        hosts.machine(replica).stopSyncing();
      }
      submitAndAwait(client, 1_000 * round + 30, 10, all);
      hosts.stopAll();
      for (ReplicaId replica : all) {
        hosts.machine(replica).powerCut();
      }
      long left = hosts.machine(PRIMARY).state().head().size();
      assertTrue(left < 40L * (round + 1), "nothing was lost: " + left);
      hosts.startAll();
      long entries = 40L * (round + 1);
      HostCluster.await(
          () ->
              all.stream()
                  .allMatch(replica -> hosts.machine(replica).state().head().size() == entries),
          () -> "entries " + hosts.machine(PRIMARY).state());
      assertSameTrees(entries);
    }
  }

  @Test
  @DisplayName("S55 each start has a higher incarnation, and remembers its highest vote")
  void countsStarts() throws IOException {
    submitAndAwait(hosts.client(1), 0, 5, all);
    assertEquals(1, hosts.host(BACKUP).incarnation());
    assertEquals(16, hosts.host(BACKUP).startId().size());
    HostCluster.await(() -> hosts.host(BACKUP).voted().seq() > 0, () -> "never voted");
    VotedUpTo before = hosts.host(BACKUP).voted();
    hosts.stop(BACKUP);
    ReplicaHost again = hosts.open(BACKUP);
    assertEquals(2, again.incarnation());
    assertTrue(again.voted().seq() >= before.seq());
    again.close();
    hosts.start(BACKUP);
    assertEquals(3, hosts.host(BACKUP).incarnation());
  }

  private void submitAndAwait(TestClient client, int first, int count, List<ReplicaId> to) {
    List<Bundle> bundles = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      Bundle bundle = client.bundle(i, 1);
      bundles.add(bundle);
      client.submit(bundle, to);
      if (i % 3 == 0) {
        client.replies(bundle.digest(), to);
      }
    }
    for (Bundle bundle : bundles) {
      client.replies(bundle.digest(), to);
    }
  }

  private void assertSameTrees(long size) {
    for (ReplicaId replica : all) {
      assertEquals(hosts.machine(PRIMARY).state().head(), hosts.machine(replica).state().head());
      assertEquals(size, hosts.machine(replica).state().head().size());
      assertFalse(hosts.host(replica).summary().quarantined());
    }
  }
}
