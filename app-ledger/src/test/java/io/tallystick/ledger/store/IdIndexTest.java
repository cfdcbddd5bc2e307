package io.tallystick.ledger.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdIndexTest {
  private static final int MANY = 40_000;

  @TempDir Path directory;

  private LedgerStore openStore() throws IOException {
    return LedgerStore.open(directory.resolve("store"));
  }

  private IdIndex open(LedgerStore store) throws IOException {
    return IdIndex.open(directory.resolve("ids"), store);
  }

  private static void append(LedgerStore store, int count) throws IOException {
    List<io.tallystick.ledger.entry.LedgerEntry> entries = new ArrayList<>();
    for (long i = store.size(), end = i + count; i < end; i++) {
      entries.add(Entries.event(i, "p" + i % 7, "s", i));
    }
    store.append(entries);
  }

  private static void assertFinds(IdIndex index, long from, long to) throws IOException {
    for (long i = from; i < to; i += 11) {
      assertEquals(OptionalLong.of(i), index.find("p" + i % 7, Entries.id(i)));
      assertEquals(OptionalLong.empty(), index.find("p" + (i + 1) % 7, Entries.id(i)));
    }
  }

  @Test
  void findsEveryId() throws IOException {
    try (LedgerStore store = openStore();
        IdIndex index = open(store)) {
      append(store, MANY);
      index.addMissing();
      assertEquals(MANY, index.covered());
      assertFinds(index, 0, MANY);
      assertEquals(OptionalLong.empty(), index.find("p0", Entries.id(MANY)));
      assertThrows(IllegalStateException.class, () -> index.add("p", Entries.id(1), 1));
    }
  }

  @Test
  void findsTheFirstOfTwoEntriesWithOneId() throws IOException {
    try (LedgerStore store = openStore();
        IdIndex index = open(store)) {
      append(store, 3);
      store.append(List.of(Entries.event(1, "p1", "s", 3)));
      index.addMissing();
      assertEquals(OptionalLong.of(1), index.find("p1", Entries.id(1)));
    }
  }

  @Test
  @DisplayName("S56 the id index takes up what a crash took, from whatever was synced")
  void takesUpWhatACrashTook() throws IOException {
    Path slots = directory.resolve("ids");
    Path parts = directory.resolve("ids.parts");
    try (LedgerStore store = openStore()) {
      for (int round = 0; round < 6; round++) {
        byte[] oldSlots = Files.exists(slots) ? Files.readAllBytes(slots) : new byte[0];
        byte[] oldParts = Files.exists(parts) ? Files.readAllBytes(parts) : new byte[0];
        try (IdIndex index = open(store)) {
          append(store, 4_000);
          index.addMissing();
          if (round % 2 == 0) {
            index.sync();
          }
        }
        if (round == 3) {
          // Power went before anything of this round reached the disk
          Files.write(slots, oldSlots);
          Files.write(parts, oldParts);
        }
        if (round == 4) {
          Files.write(parts, new byte[20]);
        }
        try (IdIndex index = open(store)) {
          assertEquals(store.size(), index.covered());
          assertFinds(index, 0, store.size());
        }
      }
    }
  }

  @Test
  void findsNothingThatTheStoreLost() throws IOException {
    try (LedgerStore store = openStore();
        IdIndex index = open(store)) {
      append(store, 1_000);
      index.addMissing();
      index.sync();
    }
    try (LedgerStore store = openStore()) {
      store.truncateTo(500);
      try (IdIndex index = open(store)) {
        assertEquals(500, index.covered());
        assertEquals(OptionalLong.empty(), index.find("p" + 600 % 7, Entries.id(600)));
        append(store, 500);
        index.addMissing();
        assertFinds(index, 0, 1_000);
      }
    }
  }
}
