package io.tallystick.ledger.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerEntry;
import io.tallystick.ledger.store.StreamTable.Posting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTableTest {
  @TempDir Path directory;
  private final Map<String, List<Long>> naive = new HashMap<>();
  private final Random random = new Random(3);
  private Path tables = Path.of("unset");

  @BeforeEach
  void resolve() {
    tables = directory.resolve("tables");
  }

  private LedgerStore openStore() throws IOException {
    return LedgerStore.open(directory.resolve("store"));
  }

  private void append(LedgerStore store, StreamTable table, int count) throws IOException {
    List<LedgerEntry> entries = new ArrayList<>();
    List<Posting> postings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // A few busy streams, many with an entry or two
      String stream = "s" + (random.nextBoolean() ? random.nextInt(3) : random.nextInt(400));
      List<Long> indexes = naive.computeIfAbsent(stream, any -> new ArrayList<>());
      long index = store.size() + i;
      entries.add(Entries.event(index, "p", stream, indexes.size()));
      postings.add(new Posting(stream, indexes.size(), index));
      indexes.add(index);
    }
    store.append(entries);
    table.add(postings);
  }

  private void cut(long size) {
    naive.values().forEach(indexes -> indexes.removeIf(index -> index >= size));
    naive.values().removeIf(List::isEmpty);
  }

  private void assertMatches(StreamTable table) throws IOException {
    assertEquals(naive.size(), table.streams());
    for (Map.Entry<String, List<Long>> stream : naive.entrySet()) {
      List<Long> indexes = stream.getValue();
      assertEquals(indexes.size(), table.count(stream.getKey()));
      for (int n = 0; n < indexes.size(); n++) {
        assertEquals(OptionalLong.of(indexes.get(n)), table.entry(stream.getKey(), n));
      }
      assertEquals(OptionalLong.empty(), table.entry(stream.getKey(), indexes.size()));
      assertEquals(OptionalLong.empty(), table.entry(stream.getKey(), -1));
    }
  }

  @Test
  void findsEveryEntryOfEveryStream() throws IOException {
    try (LedgerStore store = openStore();
        StreamTable table = StreamTable.open(tables, store)) {
      for (int i = 0; i < 20; i++) {
        append(store, table, 100);
        if (i % 7 == 0) {
          table.sync();
        }
      }
      assertMatches(table);
      assertEquals(0, table.count("unknown"));
      assertEquals(OptionalLong.empty(), table.entry("unknown", 0));
      List<StreamTable.StreamCount> page = table.list("s1", 5);
      assertEquals(
          naive.keySet().stream()
              .filter(name -> name.compareTo("s1") > 0)
              .sorted()
              .limit(5)
              .toList(),
          page.stream().map(StreamTable.StreamCount::stream).toList());
    }
  }

  @Test
  @DisplayName(
      "S56 the stream table forgets what the store cut, and is made again when it lacks any")
  void fitsTheStoreAfterACrash() throws IOException {
    for (int round = 0; round < 12; round++) {
      try (LedgerStore store = openStore();
          StreamTable table = StreamTable.open(tables, store)) {
        assertMatches(table);
        append(store, table, 150);
        append(store, table, 150);
        if (round % 3 != 2) {
          table.sync();
        }
        store.sync();
      }
      try (LedgerStore store = openStore()) {
        long size = store.size() - random.nextInt(120);
        store.truncateTo(size);
        cut(size);
      }
    }
  }

  @Test
  void isMadeAgainWhenItsFilesAreDamaged() throws IOException {
    try (LedgerStore store = openStore();
        StreamTable table = StreamTable.open(tables, store)) {
      append(store, table, 2_000);
      table.sync();
    }
    for (String file : new String[] {"postings", "streams"}) {
      for (int i = 0; i < 40; i++) {
        Path path = tables.resolve(file);
        byte[] bytes = Files.readAllBytes(path);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(path, bytes);
        try (LedgerStore store = openStore();
            StreamTable table = StreamTable.open(tables, store)) {
          assertEquals(2_000, table.size());
          naive.forEach((name, indexes) -> assertEquals(indexes.size(), table.count(name)));
          table.sync();
        }
      }
    }
  }

  @Test
  void refusesGaps() throws IOException {
    try (LedgerStore store = openStore();
        StreamTable table = StreamTable.open(tables, store)) {
      store.append(List.of(Entries.event(0, "p", "a", 0)));
      assertEquals("a", Envelope.parse(store.envelope(0)).stream());
      assertThrows(IllegalStateException.class, () -> table.add(List.of(new Posting("a", 1, 0))));
      assertThrows(IllegalStateException.class, () -> table.add(List.of(new Posting("b", 0, 1))));
    }
  }
}
