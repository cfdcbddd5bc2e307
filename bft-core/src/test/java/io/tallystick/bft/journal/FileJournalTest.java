package io.tallystick.bft.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class FileJournalTest extends JournalContract {
  private static final Digest CLUSTER = Cluster.digest("a genesis");
  private static final long SEGMENT_BYTES = 1_024;

  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk();

  /** Thousands of torn tails, each with its line. */
  @BeforeAll
  static void quiet() {
    for (Class<?> speaker : List.of(JournalScan.class, FileJournal.class)) {
      if (LoggerFactory.getLogger(speaker) instanceof ch.qos.logback.classic.Logger logger) {
        logger.setLevel(ch.qos.logback.classic.Level.OFF);
      }
    }
  }

  @Override
  Journal open() throws IOException {
    return FileJournal.open(settings(directory), disk);
  }

  @Override
  void crash(Journal journal) throws IOException {
    // A copy of the files as they are is what a kill -9 leaves.
    Path copy = copy("crashed");
    journal.close();
    replace(copy);
  }

  private static JournalSettings settings(Path directory) {
    return new JournalSettings(
        directory.resolve("journal"), CLUSTER, new ReplicaId(2), SEGMENT_BYTES, 1_000, 1 << 20);
  }

  /** Writes records, each a group of its own, over a few segments. */
  private NavigableMap<Long, Bytes> written(int count) throws IOException {
    NavigableMap<Long, Bytes> written = new TreeMap<>();
    Journal journal = open();
    replay(journal);
    RecordingListener listener = new RecordingListener();
    journal.start(listener);
    for (int i = 0; i < count; i++) {
      append(journal, written);
      listener.awaitDurable(written.lastKey());
    }
    crash(journal);
    return written;
  }

  @Test
  @DisplayName("S56 a tail torn at any byte of the last group is cut, and all before is there")
  void cutsATornTail() throws IOException {
    NavigableMap<Long, Bytes> written = written(12);
    Path last = segments().getLast();
    byte[] whole = Files.readAllBytes(last);
    int end = end(whole);
    int group = lastGroup(whole);
    for (int at = group; at < end; at++) {
      byte[] torn = whole.clone();
      java.util.Arrays.fill(torn, at, torn.length, (byte) 0);
      expectTail(last, torn, written, at);
    }
    for (int at = group; at < end; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x40;
      expectTail(last, flipped, written, at);
    }
  }

  private void expectTail(Path last, byte[] bytes, NavigableMap<Long, Bytes> written, int at)
      throws IOException {
    Files.write(last, bytes);
    try (Journal journal = open()) {
      NavigableMap<Long, Bytes> left = replay(journal);
      boolean whole = left.size() == written.size();
      // What is cut behind the last byte that isn't zero was no loss.
      assertEquals(whole ? written : written.headMap(written.lastKey()), left, "torn at " + at);
    }
    try (Journal journal = open()) {
      assertTrue(replay(journal).size() >= written.size() - 1);
    }
  }

  @Test
  @DisplayName("S56 any damaged byte before the last group is reported with file and offset")
  void reportsDamageInTheMiddle() throws IOException {
    written(20);
    List<Path> segments = segments();
    assertTrue(segments.size() >= 3, "segments: " + segments);
    for (Path segment : segments) {
      byte[] whole = Files.readAllBytes(segment);
      boolean isLast = segment.equals(segments.getLast());
      int end = isLast ? lastGroup(whole) : end(whole);
      for (int at = 0; at < end; at++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= 1;
        Files.write(segment, damaged);
        DamagedJournalException thrown =
            assertThrows(DamagedJournalException.class, this::replayAndClose, "byte " + at);
        assertEquals(segment, thrown.file());
        assertTrue(thrown.offset() <= at, "offset " + thrown.offset() + " for byte " + at);
        assertTrue(at - thrown.offset() < 300, "offset " + thrown.offset() + " for byte " + at);
      }
      Files.write(segment, whole);
    }
    replayAndClose();
  }

  @Test
  @DisplayName("S56 a sector of zeros in the middle is damage, not an end")
  void reportsAZeroedMiddle() throws IOException {
    written(10);
    Path segment = segments().getLast();
    byte[] bytes = Files.readAllBytes(segment);
    java.util.Arrays.fill(bytes, SegmentHeader.BYTES, lastGroup(bytes) - 1, (byte) 0);
    Files.write(segment, bytes);
    assertThrows(DamagedJournalException.class, this::replayAndClose);
  }

  @Test
  @DisplayName("S56 damage before a mark that an orderly close left is reported")
  void marksWhatIsDurableWhenClosed() throws IOException {
    try (Journal journal = open()) {
      replay(journal);
      journal.start(new RecordingListener());
      journal.append(1, Bytes.utf8("only"));
    }
    Path segment = segments().getLast();
    byte[] bytes = Files.readAllBytes(segment);
    bytes[SegmentHeader.BYTES + GroupHeader.BYTES + GroupHeader.RECORD_OVERHEAD] ^= 1;
    Files.write(segment, bytes);
    assertThrows(DamagedJournalException.class, this::replayAndClose);
  }

  @Test
  @DisplayName("S56 a missing segment is reported, in the middle and at the beginning")
  void reportsMissingSegments() throws IOException {
    written(24);
    List<Path> segments = segments();
    for (Path missing : segments.subList(0, segments.size() - 1)) {
      byte[] bytes = Files.readAllBytes(missing);
      Files.delete(missing);
      DamagedJournalException thrown =
          assertThrows(DamagedJournalException.class, this::replayAndClose);
      assertEquals(missing, thrown.file());
      Files.write(missing, bytes);
    }
    replayAndClose();
  }

  @Test
  void refusesAForeignJournal() throws IOException {
    written(2);
    JournalSettings mine = settings(directory);
    JournalSettings other =
        new JournalSettings(
            mine.directory(), CLUSTER, new ReplicaId(4), SEGMENT_BYTES, 1_000, 1 << 20);
    IOException replica = assertThrows(IOException.class, () -> FileJournal.open(other, disk));
    assertTrue(replica.toString().contains("of replica r2 (expected: r4)"), replica.toString());
    JournalSettings elsewhere =
        new JournalSettings(
            mine.directory(), Digest.ZERO, new ReplicaId(2), SEGMENT_BYTES, 1_000, 1 << 20);
    IOException cluster = assertThrows(IOException.class, () -> FileJournal.open(elsewhere, disk));
    assertTrue(cluster.toString().contains("of cluster " + CLUSTER), cluster.toString());
  }

  @Test
  @DisplayName("S55 a crash between the deletions of a cut is harmless")
  void survivesAnInterruptedCut() throws IOException {
    NavigableMap<Long, Bytes> written = written(40);
    Path before = copy("before");
    try (Journal journal = open()) {
      replay(journal);
      journal.start(new RecordingListener());
      journal.cut(35);
    }
    List<Path> kept = segments();
    Path after = copy("after");
    List<Path> cut;
    try (Stream<Path> files = Files.list(before)) {
      cut =
          files
              .filter(file -> file.toString().endsWith(Segment.SUFFIX))
              .filter(file -> kept.stream().noneMatch(k -> k.endsWith(file.getFileName())))
              .sorted()
              .toList();
    }
    assertTrue(cut.size() >= 2, "cut: " + cut);
    for (int stillThere = 0; stillThere <= cut.size(); stillThere++) {
      replace(after);
      for (Path file : cut.subList(cut.size() - stillThere, cut.size())) {
        Files.copy(file, settings(directory).directory().resolve(file.getFileName()));
      }
      try (Journal journal = open()) {
        NavigableMap<Long, Bytes> left = replay(journal);
        assertTrue(left.firstKey() <= 35);
        assertEquals(written.tailMap(left.firstKey()), left);
      }
      assertEquals(kept, segments(), "left-over segments are deleted at the next start");
    }
  }

  @Test
  void syncsAGroupOnce() throws IOException {
    try (Journal journal = open()) {
      replay(journal);
      RecordingListener listener = new RecordingListener();
      disk.holdSyncs();
      journal.start(listener);
      journal.append(1, Bytes.utf8("first"));
      disk.permitSyncs(1);
      listener.awaitDurable(1);
      journal.append(2, Bytes.utf8("its sync is held"));
      awaitWritten("its sync is held");
      for (int position = 3; position < 13; position++) {
        journal.append(position, Bytes.utf8("together"));
      }
      disk.permitSyncs(1_000);
      listener.awaitDurable(12);
      assertEquals(List.of(1, 1, 10), listener.groups());
    }
  }

  @Test
  @DisplayName("S56 a failed sync is final: nothing more becomes durable")
  void stopsAtAFailedSync() throws IOException {
    Journal journal = open();
    replay(journal);
    RecordingListener listener = new RecordingListener();
    journal.start(listener);
    journal.append(1, Bytes.utf8("good"));
    listener.awaitDurable(1);
    disk.failSyncs();
    journal.append(2, Bytes.utf8("bad"));
    assertEquals("Input/output error", listener.awaitFailure().getMessage());
    journal.append(3, Bytes.utf8("after"));
    journal.close();
    assertEquals(List.of(1L), listener.durable());
  }

  @Test
  @DisplayName("S56 a full disk is announced before the room ends, holds records, and passes")
  void waitsForSpace() throws IOException {
    try (Journal journal = open()) {
      replay(journal);
      RecordingListener listener = new RecordingListener();
      journal.start(listener);
      NavigableMap<Long, Bytes> written = new TreeMap<>();
      append(journal, written);
      listener.awaitDurable(1);

      disk.full(true);
      disk.usable(10);
      listener.awaitSpace(false);
      // What is preallocated still takes what the engine had under way.
      append(journal, written);
      listener.awaitDurable(2);

      while (written.size() < 200) {
        append(journal, written);
      }
      assertTrue(listener.durable().getLast() < 200, "more was written than there was room for");

      disk.full(false);
      disk.usable(Long.MAX_VALUE);
      listener.awaitDurable(200);
      listener.awaitSpace(true);
      crash(journal);
    }
    try (Journal journal = open()) {
      assertEquals(200, replay(journal).size());
    }
  }

  @Test
  @DisplayName("S56 a full disk doesn't keep the journal from being cut")
  void cutsWithoutSpace() throws IOException {
    NavigableMap<Long, Bytes> written = written(24);
    List<Path> before = segments();
    disk.full(true);
    disk.usable(0);
    try (Journal journal = open()) {
      replay(journal);
      RecordingListener listener = new RecordingListener();
      journal.start(listener);
      listener.awaitSpace(false);
      while (written.size() < 124) {
        append(journal, written);
      }
      journal.cut(23);
      awaitGone(before.getFirst());
    }
    assertFalse(segments().contains(before.getFirst()));
  }

  @Test
  void refusesADirectoryThatIsAFile() throws IOException {
    Files.writeString(settings(directory).directory(), "not a directory");
    assertThrows(IOException.class, this::open);
  }

  @Test
  void takesRecordsLargerThanASegment() throws IOException {
    Bytes large = Bytes.wrap(new byte[5_000_000]);
    try (Journal journal = open()) {
      replay(journal);
      RecordingListener listener = new RecordingListener();
      journal.start(listener);
      journal.append(1, Bytes.utf8("small"));
      journal.append(2, large);
      journal.append(3, Bytes.utf8("small"));
      listener.awaitDurable(3);
    }
    try (Journal journal = open()) {
      assertEquals(large, replay(journal).get(2L));
    }
  }

  private void replayAndClose() throws IOException {
    try (Journal journal = open()) {
      replay(journal);
    }
  }

  private void awaitWritten(String text) throws IOException {
    Path segment = segments().getLast();
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!new String(Files.readAllBytes(segment), java.nio.charset.StandardCharsets.ISO_8859_1)
        .contains(text)) {
      assertTrue(System.nanoTime() < deadline, "never written: " + text);
      Thread.onSpinWait();
    }
  }

  private static void awaitGone(Path file) {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (Files.exists(file)) {
      assertTrue(System.nanoTime() < deadline, "never deleted: " + file);
      Thread.onSpinWait();
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(settings(directory).directory())) {
      return files.filter(f -> f.toString().endsWith(Segment.SUFFIX)).sorted().toList();
    }
  }

  private Path copy(String name) throws IOException {
    Path copy = directory.resolve(name);
    Files.createDirectories(copy);
    for (Path file : listed(copy)) {
      Files.delete(file);
    }
    for (Path file : listed(settings(directory).directory())) {
      if (!file.toString().endsWith("unfinished")) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private void replace(Path copy) throws IOException {
    Path journal = settings(directory).directory();
    for (Path file : listed(journal)) {
      Files.delete(file);
    }
    for (Path file : listed(copy)) {
      Files.copy(file, journal.resolve(file.getFileName()));
    }
  }

  private static List<Path> listed(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return new ArrayList<>(files.toList());
    }
  }

  /** Offset after the last byte of the last group. */
  private static int end(byte[] segment) {
    int group = lastGroup(segment);
    return group
        + GroupHeader.BYTES
        + GroupHeader.decode(java.nio.ByteBuffer.wrap(segment), group).orElseThrow().bytes();
  }

  private static int lastGroup(byte[] segment) {
    int at = SegmentHeader.BYTES;
    int last = at;
    while (at < segment.length) {
      var header = GroupHeader.decode(java.nio.ByteBuffer.wrap(segment), at);
      if (header.isEmpty()) {
        return last;
      }
      last = at;
      at += GroupHeader.BYTES + header.get().bytes();
    }
    return last;
  }
}
