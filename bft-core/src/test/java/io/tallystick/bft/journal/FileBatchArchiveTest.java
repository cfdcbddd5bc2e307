package io.tallystick.bft.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class FileBatchArchiveTest {
  @TempDir Path directory;

  /** Hundreds of torn tails, each with its line. */
  @BeforeAll
  static void quiet() {
    for (Class<?> speaker : List.of(ArchiveSegment.class, FileBatchArchive.class)) {
      if (LoggerFactory.getLogger(speaker) instanceof ch.qos.logback.classic.Logger logger) {
        logger.setLevel(ch.qos.logback.classic.Level.OFF);
      }
    }
  }

  private FileBatchArchive open() throws IOException {
    return FileBatchArchive.open(directory, new FaultyDisk(), 1_000);
  }

  private static Bytes batch(long seq) {
    return Bytes.utf8("batch " + seq + "x".repeat((int) (seq * 13 % 70)));
  }

  private static void append(BatchArchive archive, long from, long to) throws IOException {
    for (long seq = from; seq <= to; seq++) {
      archive.append(seq, batch(seq));
    }
  }

  @Test
  void readsWhatWasAppendedAcrossSegmentsAndRestarts() throws IOException {
    for (int life = 0; life < 3; life++) {
      try (FileBatchArchive archive = open()) {
        assertEquals(100L * life, archive.lastSeq());
        append(archive, 100L * life + 1, 100L * life + 100);
        archive.sync();
        for (long seq = 1; seq <= archive.lastSeq(); seq++) {
          assertEquals(Optional.of(batch(seq)), archive.read(seq));
        }
        assertEquals(Optional.empty(), archive.read(0));
        assertEquals(Optional.empty(), archive.read(archive.lastSeq() + 1));
      }
    }
  }

  @Test
  void ignoresBatchesThatAreExecutedAgain() throws IOException {
    try (FileBatchArchive archive = open()) {
      append(archive, 1, 30);
      archive.append(17, Bytes.utf8("something else"));
      append(archive, 10, 40);
      assertEquals(40, archive.lastSeq());
      assertEquals(Optional.of(batch(17)), archive.read(17));
    }
  }

  @Test
  void answersAGapAsNotHeld() throws IOException {
    try (FileBatchArchive archive = open()) {
      append(archive, 1, 5);
      append(archive, 9, 12);
    }
    try (FileBatchArchive archive = open()) {
      assertEquals(12, archive.lastSeq());
      assertEquals(Optional.empty(), archive.read(7));
      assertEquals(Optional.of(batch(5)), archive.read(5));
      assertEquals(Optional.of(batch(9)), archive.read(9));
    }
  }

  @Test
  @DisplayName("S56 an archive torn at any byte of its last batch is cut there, and goes on")
  void cutsATornTail() throws IOException {
    try (FileBatchArchive archive = open()) {
      append(archive, 1, 60);
    }
    Path last = files(".batches").getLast();
    byte[] whole = Files.readAllBytes(last);
    int length = 16 + batch(60).size();
    for (int cut = 1; cut <= length; cut++) {
      Files.write(last, Arrays.copyOf(whole, whole.length - cut));
      try (FileBatchArchive archive = open()) {
        assertEquals(59, archive.lastSeq());
        append(archive, 60, 61);
      }
      try (FileBatchArchive archive = open()) {
        assertEquals(61, archive.lastSeq());
        assertEquals(Optional.of(batch(60)), archive.read(60));
      }
    }
  }

  @Test
  @DisplayName("S56 a rotten batch is never served")
  void refusesARottenBatch() throws IOException {
    try (FileBatchArchive archive = open()) {
      append(archive, 1, 60);
    }
    Path first = files(".batches").getFirst();
    byte[] bytes = Files.readAllBytes(first);
    bytes[20] ^= 1;
    Files.write(first, bytes);
    try (FileBatchArchive archive = open()) {
      assertThrows(DamagedJournalException.class, () -> archive.read(1));
      assertEquals(Optional.of(batch(2)), archive.read(2));
    }
  }

  @Test
  void makesALostIndexAgain() throws IOException {
    try (FileBatchArchive archive = open()) {
      append(archive, 1, 200);
    }
    List<Path> indexes = files(".index");
    assertTrue(indexes.size() >= 2);
    Files.delete(indexes.get(0));
    Files.write(indexes.get(1), new byte[] {1, 2, 3});
    try (FileBatchArchive archive = open()) {
      for (long seq = 1; seq <= 200; seq++) {
        assertEquals(Optional.of(batch(seq)), archive.read(seq));
      }
    }
    assertEquals(indexes, files(".index"));
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }
}
