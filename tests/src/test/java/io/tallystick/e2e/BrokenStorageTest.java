package io.tallystick.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One replica's disk tears, rots or fills up: it says so, and the others go on. */
class BrokenStorageTest {
  private static final Duration STARTED = Duration.ofSeconds(30);
  private static final int MIB = 1 << 20;

  /** Where the groups of a journal segment begin, and where the records of a group. */
  private static final int FIRST_GROUP = 96;

  private static final int FIRST_RECORD = FIRST_GROUP + 64 + 8;

  @RegisterExtension static final Processes PROCESSES = new Processes();

  private static Cluster cluster;

  @BeforeAll
  static void startsAndAppends() throws Exception {
    cluster = PROCESSES.init("ledger");
    for (int id = 0; id < 4; id++) {
      cluster.configure(
          "replica-" + id,
          "storage:\n  journal_segment_bytes: 4194304\n  free_bytes_min: 8388608\n");
    }
    cluster.start();
    append(20);
  }

  @Test
  @DisplayName("S56 a torn tail is cut with a log line, and the replica catches up")
  void cutsATornTail() throws Exception {
    cluster.kill("replica-2");
    append(10);
    Path segment = lastSegment(2);
    long end = usedBytes(segment);
    assertTrue(end > FIRST_RECORD, "nothing in " + segment);
    // The group that was being written when the power went: nothing in it was ever synced
    byte[] torn = new byte[333];
    Arrays.fill(torn, (byte) 0x54);
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek((end + 7) / 8 * 8);
      file.write(torn);
    }

    Running restarted = cluster.startReplica(2);
    cluster.awaitCaughtUp(2, STARTED);
    Await.until(
        "a line on the cut in the log",
        STARTED,
        () -> restarted.report().contains("torn tail cut at offset"),
        restarted::report);
    assertTrue(restarted.report().contains(segment.getFileName().toString()), restarted::report);
    append(10);
    cluster.awaitCaughtUp(2, STARTED);
    assertEquals(0, cluster.metrics(1).sum("bft_equivocations_total"));
  }

  @Test
  @DisplayName("S56 damage in the middle of a journal: no vote, exit 5, file and offset")
  void refusesToVoteOnADamagedJournal() throws Exception {
    cluster.kill("replica-3");
    Path segment = lastSegment(3);
    assertTrue(usedBytes(segment) > 4 * FIRST_RECORD, "little in " + segment);
    flip(segment, FIRST_RECORD);

    Running damaged = cluster.startReplica(3);
    damaged.expect(5, STARTED);
    assertTrue(damaged.report().contains(segment.toString()), damaged::report);
    assertTrue(damaged.report().contains("offset " + (FIRST_RECORD - 8)), damaged::report);
    append(5);

    // Set right, it goes on where it was
    flip(segment, FIRST_RECORD);
    assertTrue(cluster.startReplica(3).process().isAlive());
    cluster.awaitCaughtUp(3, STARTED);
  }

  @Test
  @DisplayName("S56 a full disk stops votes with an alarm, not reads, until there is space")
  void stopsVotingOnAFullDisk() throws Exception {
    Path data = cluster.at("replica-1/data");
    cluster.kill("replica-1");
    Path kept = PROCESSES.home().resolve("kept");
    Files.move(data, kept);
    Files.createDirectory(data);
    boolean small =
        succeeds("mount", "-t", "tmpfs", "-o", "size=40m,mode=700", "tmpfs", data.toString());
    if (!small) {
      Files.delete(data);
      Files.move(kept, data);
      assertTrue(cluster.startReplica(1).process().isAlive());
    }
    assumeTrue(small, "mounting a small file system isn't permitted here");
    Path after = PROCESSES.home().resolve("after");
    try {
      assertTrue(succeeds("cp", "-a", kept + "/.", data.toString()));
      Running replica = cluster.startReplica(1);
      cluster.awaitCaughtUp(1, STARTED);
      Path filler = data.resolve("filler");
      fill(data, filler);
      Await.until("replica 1 to stop voting", STARTED, () -> voting(1) == 0, replica::report);
      assertTrue(cluster.metrics(1).has("bft_executed_seq"));
      append(10);
      assertTrue(replica.process().isAlive(), replica::report);
      assertTrue(replica.report().contains("the disk is full"), replica::report);

      Files.delete(filler);
      Await.until("replica 1 to vote again", STARTED, () -> voting(1) == 1, replica::report);
      append(10);
      cluster.awaitCaughtUp(1, STARTED);
      cluster.kill("replica-1");
      assertTrue(succeeds("cp", "-a", data.toString(), after.toString()));
    } finally {
      if (!succeeds("umount", data.toString())) {
        assertTrue(succeeds("umount", "-l", data.toString()));
      }
    }
    Files.delete(data);
    Files.move(after, data);
    assertTrue(cluster.startReplica(1).process().isAlive());
    cluster.awaitCaughtUp(1, STARTED);
  }

  private static double voting(int id) throws IOException, InterruptedException {
    Metrics metrics = cluster.metrics(id);
    assertTrue(metrics.has("bft_voting"), () -> metrics.samples().toString());
    return metrics.sum("bft_voting");
  }

  private static void append(int count) throws IOException, InterruptedException {
    Http http = cluster.http();
    for (int i = 0; i < count; i++) {
      http.append("storage", "{\"number\":" + i + "}").expect(201);
    }
  }

  private static Path lastSegment(int id) throws IOException {
    try (Stream<Path> all = Files.walk(cluster.at("replica-" + id + "/data/journal"))) {
      List<Path> segments =
          all.filter(path -> path.toString().endsWith(".journal")).sorted().toList();
      // The last one that holds anything: one more may be prepared
      Path last = segments.getFirst();
      for (Path segment : segments) {
        if (usedBytes(segment) > FIRST_GROUP) {
          last = segment;
        }
      }
      return last;
    }
  }

  /** The offset after a segment's last byte that isn't zero. */
  private static long usedBytes(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static void flip(Path file, long offset) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(offset);
      int right = access.read();
      access.seek(offset);
      access.write(right ^ 0x40);
    }
  }

  /** Leaves less than a mebibyte of a file system free. */
  private static void fill(Path in, Path filler) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
      byte[] block = new byte[MIB / 4];
      while (Files.getFileStore(in).getUsableSpace() > MIB) {
        file.write(block);
      }
    }
  }

  private static boolean succeeds(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
