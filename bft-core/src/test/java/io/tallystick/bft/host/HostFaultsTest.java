package io.tallystick.bft.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.journal.DamagedJournalException;
import io.tallystick.bft.journal.Disk;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.AskStanding;
import io.tallystick.bft.message.ClientMessage.Refusal;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.ClientMessage.Standing;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.bft.message.PeerMessage.Ballot;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class HostFaultsTest {
  private static final ReplicaId BACKUP = Cluster.replica(3);

  /** The real disk, which says that so much is free. */
  private static final class SmallDisk implements Disk {
    private final Disk real = Disk.real();
    private volatile long usable = Long.MAX_VALUE;

    @Override
    public DiskFile open(Path path) throws IOException {
      return real.open(path);
    }

    @Override
    public long usableBytes(Path path) {
      return usable;
    }

    @Override
    public void syncDirectory(Path path) throws IOException {
      real.syncDirectory(path);
    }
  }

  @TempDir Path directory;
  private final SmallDisk disk = new SmallDisk();
  private HostCluster hosts;
  private List<ReplicaId> all;

  @BeforeEach
  void start() throws IOException {
    hosts = new HostCluster(directory, disk);
    all = hosts.cluster.membership().ids();
  }

  @Test
  void refusesASecondProcessOnTheSameData() throws IOException {
    try (ReplicaHost first = hosts.open(BACKUP)) {
      IOException refused = assertThrows(IOException.class, () -> hosts.open(BACKUP));
      assertTrue(refused.toString().contains("locked by process"), refused.toString());
      assertTrue(
          refused.toString().contains(String.valueOf(ProcessHandle.current().pid())),
          refused.toString());
      assertEquals(1, first.incarnation());
    }
    hosts.open(BACKUP).close();
  }

  @Test
  @DisplayName("S59 a replica without a journal that isn't fresh is refused: its disk was lost")
  void refusesALostDisk() throws IOException {
    hosts.open(BACKUP).close();
    assertFalse(Files.exists(hosts.data(BACKUP).resolve("fresh")));
    deleteJournal();
    assertThrows(LostDiskException.class, () -> hosts.open(BACKUP));

    DataDirectory.initialize(hosts.data(BACKUP));
    hosts.open(BACKUP).close();
  }

  @Test
  @DisplayName("S59 a mark of freshness doesn't help where the application has state")
  void refusesAFreshMarkBesideState() throws IOException {
    hosts.startAll();
    TestClient client = hosts.client(1);
    Bundle bundle = client.bundle(0, 1);
    client.submit(bundle, all);
    client.replies(bundle.digest(), all);
    hosts.stopAll();
    deleteJournal();
    DataDirectory.initialize(hosts.data(BACKUP));
    assertThrows(LostDiskException.class, () -> hosts.open(BACKUP));
  }

  private void deleteJournal() throws IOException {
    Path journal = hosts.data(BACKUP).resolve("journal");
    try (Stream<Path> files = Files.list(journal)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  @DisplayName("S56 a damaged journal is refused with file and offset")
  void refusesADamagedJournal() throws IOException {
    hosts.startAll();
    TestClient client = hosts.client(1);
    Bundle bundle = client.bundle(0, 1);
    client.submit(bundle, all);
    client.replies(bundle.digest(), all);
    hosts.stopAll();
    Path segment = hosts.data(BACKUP).resolve("journal/0000000000000000.journal");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[300] ^= 1;
    Files.write(segment, bytes);
    DamagedJournalException refused =
        assertThrows(DamagedJournalException.class, () -> hosts.open(BACKUP));
    assertEquals(segment, refused.file());
    assertTrue(refused.offset() <= 300);
  }

  @Test
  void refusesKeysThatArentTheMembers() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ReplicaHost.open(
                hosts.config(BACKUP),
                hosts.keys(Cluster.replica(2)),
                hosts.machine(BACKUP),
                hosts.registry,
                _ -> {}));
  }

  @Test
  @DisplayName("S1 S23 garbage and forged votes cost their sender only, and are counted")
  void countsGarbage() throws IOException {
    hosts.startAll();
    ReplicaHost host = hosts.host(BACKUP);
    ReplicaId peer = Cluster.replica(1);
    assertEquals(Verdict.MALFORMED, host.fromPeer(peer, Bytes.utf8("garbage")));
    Signed<Vote> vote = hosts.cluster.vote(VotePhase.PREPARE, 1, new Slot(0, 9), Batch.NULL);
    Signed<Vote> forged =
        new Signed<>(
            Vote.of(VotePhase.COMMIT, peer, 0, new Slot(0, 9), Batch.NULL.digest()),
            vote.signature());
    Bytes payload = new PeerCodec(hosts.cluster.parameters()).encode(new Ballot(forged));
    assertEquals(Verdict.MALFORMED, host.fromPeer(peer, payload));
    assertEquals(1, counted("bft.auth.failures", "reason", "malformed", "peer", peer.toString()));
    assertEquals(
        1, counted("bft.auth.failures", "reason", "bad-signature", "peer", peer.toString()));

    TestClient client = hosts.client(1);
    assertEquals(Verdict.MALFORMED, host.fromClient(client.session(BACKUP), Bytes.utf8("garbage")));
    Bundle bundle = client.bundle(0, 1);
    client.submit(bundle, all);
    client.replies(bundle.digest(), all);
    hosts.close();
  }

  @Test
  @DisplayName("S56 a full disk stops voting, reads go on, and voting resumes with space")
  void stopsVotingOnAFullDisk() throws IOException {
    hosts.startAll();
    TestClient client = hosts.client(1);
    disk.usable = 10;
    hosts.awaitAll(summary -> !summary.voting());
    TestClient.Session session = client.session(BACKUP);
    session.ask(new AskStanding(1));
    assertFalse(session.await(Standing.class, answer -> answer.query() == 1).voting());
    Bundle bundle = client.bundle(0, 1);
    session.ask(new Submit(bundle));
    Refusal refusal =
        session.await(Refusal.class, answer -> answer.bundle().equals(bundle.digest()));
    assertEquals(RefusalReason.NOT_VOTING, refusal.reason());

    disk.usable = Long.MAX_VALUE;
    hosts.awaitAll(summary -> summary.voting());
    client.submit(bundle, all);
    client.replies(bundle.digest(), all);
    hosts.close();
    assertEquals(List.of(), hosts.fatal);
  }

  @Test
  @DisplayName("S56 an application whose disk fails ends its replica, not the others")
  void saysThatTheDiskFailed() throws IOException {
    hosts.startAll();
    TestClient client = hosts.client(1);
    hosts.machine(BACKUP).fail();
    Bundle bundle = client.bundle(0, 1);
    client.submit(bundle, all);
    client.replies(bundle.digest(), all.subList(0, 3));
    HostCluster.await(
        () -> {
          synchronized (hosts.fatal) {
            return hosts.fatal.size() == 1;
          }
        },
        () -> "nobody was told");
    assertFalse(hosts.host(BACKUP).summary().voting());
    TestClient.Session session = client.session(BACKUP);
    session.ask(new AskStanding(1));
    assertFalse(session.await(Standing.class, answer -> answer.query() == 1).voting());
    hosts.close();
  }

  private double counted(String name, String... tags) {
    return hosts.registry.get(name).tags(tags).counter().count();
  }
}
