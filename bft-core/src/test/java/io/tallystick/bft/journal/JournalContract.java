package io.tallystick.bft.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every journal keeps, the one in files and a simulated one alike. */
abstract class JournalContract {

  /** Opens the one journal of this test; again after a close or a crash. */
  abstract Journal open() throws IOException;

  /** Ends as a kill -9 would: what wasn't durable may be lost. */
  abstract void crash(Journal journal) throws IOException;

  @Test
  void beginsEmptyAtPositionOne() throws IOException {
    try (Journal journal = open()) {
      assertEquals(Map.of(), replay(journal));
      assertEquals(1, journal.nextPosition());
    }
  }

  @Test
  @DisplayName("S55 what was durable is replayed in order, after a close and after a crash")
  void replaysWhatWasDurable() throws IOException {
    NavigableMap<Long, Bytes> expected = new TreeMap<>();
    for (int life = 0; life < 6; life++) {
      Journal journal = open();
      assertEquals(expected, replay(journal));
      RecordingListener listener = new RecordingListener();
      journal.start(listener);
      for (int i = 0; i < 20; i++) {
        append(journal, expected);
      }
      listener.awaitDurable(expected.lastKey());
      if (life % 2 == 0) {
        journal.close();
      } else {
        crash(journal);
      }
    }
  }

  @Test
  void saysDurableInAscendingOrder() throws IOException {
    try (Journal journal = open()) {
      replay(journal);
      RecordingListener listener = new RecordingListener();
      journal.start(listener);
      NavigableMap<Long, Bytes> written = new TreeMap<>();
      for (int i = 0; i < 100; i++) {
        append(journal, written);
      }
      listener.awaitDurable(100);
      long last = 0;
      for (long upTo : listener.durable()) {
        assertTrue(upTo > last);
        last = upTo;
      }
    }
  }

  @Test
  void refusesPositionsOutOfOrder() throws IOException {
    try (Journal journal = open()) {
      replay(journal);
      journal.start(new RecordingListener());
      assertThrows(IllegalArgumentException.class, () -> journal.append(2, Bytes.EMPTY));
      journal.append(1, Bytes.EMPTY);
      assertThrows(IllegalArgumentException.class, () -> journal.append(1, Bytes.EMPTY));
    }
  }

  @Test
  @DisplayName("S55 after a cut a suffix is left that holds all from the cut on")
  void keepsASuffixAfterACut() throws IOException {
    NavigableMap<Long, Bytes> written = new TreeMap<>();
    for (long below : new long[] {1, 50, 51, 180, 300}) {
      try (Journal journal = open()) {
        replay(journal);
        RecordingListener listener = new RecordingListener();
        journal.start(listener);
        for (int i = 0; i < 60; i++) {
          append(journal, written);
          listener.awaitDurable(written.lastKey());
        }
        journal.cut(below);
      }
      try (Journal journal = open()) {
        Map<Long, Bytes> left = replay(journal);
        long first = left.isEmpty() ? journal.nextPosition() : new TreeMap<>(left).firstKey();
        assertTrue(first <= below, "first: " + first + ", cut below " + below);
        assertEquals(written.tailMap(first), left);
        assertEquals(written.lastKey() + 1, journal.nextPosition());
      }
    }
  }

  static NavigableMap<Long, Bytes> replay(Journal journal) throws IOException {
    NavigableMap<Long, Bytes> held = new TreeMap<>();
    journal.replay(held::put);
    return held;
  }

  static void append(Journal journal, NavigableMap<Long, Bytes> written) {
    long position = journal.nextPosition();
    Bytes record = Bytes.utf8("record " + position + "x".repeat((int) (position * 7 % 90)));
    journal.append(position, record);
    written.put(position, record);
  }
}
