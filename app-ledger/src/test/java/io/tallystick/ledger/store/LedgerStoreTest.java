package io.tallystick.ledger.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.TreeHead;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.ConsistencyProof;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.crypto.merkle.MerkleTree;
import io.tallystick.crypto.merkle.Rfc6962;
import io.tallystick.crypto.merkle.TilePath;
import io.tallystick.ledger.entry.LedgerEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerStoreTest {
  private static final long SMALL_SEGMENTS = 4_096;

  @TempDir Path directory;

  private LedgerStore open() throws IOException {
    return LedgerStore.open(directory, SMALL_SEGMENTS);
  }

  private static MerkleTree naive(long size) {
    MerkleTree tree = new MerkleTree();
    for (long i = 0; i < size; i++) {
      tree.append(Rfc6962.leafHash(Entries.plain(i).envelope()));
    }
    return tree;
  }

  private static void appendTo(LedgerStore store, long size, int seed) throws IOException {
    Random random = new Random(seed);
    while (store.size() < size) {
      long to = Math.min(size, store.size() + 1 + random.nextInt(90));
      store.append(Entries.plain(store.size(), to));
    }
  }

  private static void assertHolds(LedgerStore store, long size) throws IOException {
    MerkleTree tree = naive(size);
    assertEquals(new TreeHead(size, tree.root()), store.head());
    for (int level = 0; size >>> level > 0; level++) {
      for (long i = 0; i < size >>> level; i++) {
        assertEquals(tree.hash(level, i), store.hash(level, i));
      }
    }
    for (long i = 0; i < size; i++) {
      LedgerEntry entry = Entries.plain(i);
      assertEquals(entry.envelope(), store.envelope(i));
      assertEquals(new StoredPayload.Present(entry.salt(), entry.content()), store.payload(i));
    }
  }

  @Test
  void startsEmpty() throws IOException {
    try (LedgerStore store = open()) {
      assertEquals(new TreeHead(0, Rfc6962.EMPTY_ROOT), store.head());
      assertThrows(IndexOutOfBoundsException.class, () -> store.envelope(0));
      assertThrows(IndexOutOfBoundsException.class, () -> store.hash(0, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> store.tile(0, 0, 1));
      assertEquals(List.of(), store.read(0, 10, 1_000));
      assertEquals(0, store.sync());
    }
  }

  @Test
  @DisplayName("S72 hashes, roots and contents are those of a naive RFC 6962 tree")
  void agreesWithANaiveTree() throws IOException {
    try (LedgerStore store = open()) {
      appendTo(store, 700, 1);
      assertHolds(store, 700);
      MerkleTree tree = naive(700);
      for (long size = 0; size <= 700; size += 13) {
        assertEquals(tree.root(size), store.rootAt(size));
      }
      InclusionProof proof = InclusionProof.build(store, 300, 699);
      assertTrue(proof.verify(Rfc6962.leafHash(store.envelope(300)), tree.root(699)));
      assertTrue(ConsistencyProof.build(store, 257, 600).verify(tree.root(257), store.rootAt(600)));
    }
  }

  @Test
  void servesTheTilesOfThePublishedVectors() throws Exception {
    JsonObject vectors;
    try (InputStream in =
        Objects.requireNonNull(
            LedgerStoreTest.class.getResourceAsStream("/vectors/merkle-tiles-600.json"))) {
      vectors = CanonicalJson.parse(Bytes.wrap(in.readAllBytes()), 1 << 20);
    }
    JsonObject roots = vectors.object("roots");
    JsonObject tiles = vectors.object("tiles");
    try (LedgerStore store = open()) {
      appendTo(store, 600, 2);
      for (Map.Entry<String, Object> root : roots.members().entrySet()) {
        Bytes expected = Bytes.wrap(Base64.getDecoder().decode((String) root.getValue()));
        long size = Long.parseLong(root.getKey());
        assertEquals(expected, Bytes.wrap(store.rootAt(size).toArray()));
      }
      int count = 0;
      for (Object ofSize : tiles.members().values()) {
        for (Map.Entry<String, Object> tile : ((JsonObject) ofSize).members().entrySet()) {
          TilePath path = TilePath.parse(tile.getKey());
          Bytes file =
              path.kind() == TilePath.Kind.HASHES
                  ? store.tile(path.level(), path.index(), path.width())
                  : store.entryBundle(path.index(), path.width());
          assertEquals(tile.getValue(), Digest.sha256(file).toHex(), tile.getKey());
          count++;
        }
      }
      assertTrue(count > 15);
    }
  }

  @Test
  void readsRowsUpToTheEndOfTheirBundle() throws IOException {
    try (LedgerStore store = open()) {
      appendTo(store, 600, 3);
      List<Bytes> leaves = store.envelopes(250, 300);
      for (int i = 0; i < 300; i++) {
        assertEquals(Entries.plain(250 + i).envelope(), leaves.get(i));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> store.envelopes(500, 101));
      assertEquals(256, store.read(0, 1_000, 1 << 20).size());
      assertEquals(List.of(), store.read(Long.MAX_VALUE, 1_000, 1 << 20));
      assertEquals(56, store.read(200, 1_000, 1 << 20).size());
      assertEquals(88, store.read(512, 1_000, 1 << 20).size());
      assertEquals(7, store.read(512, 7, 1 << 20).size());
      assertEquals(1, store.read(512, 7, 1).size());
      assertEquals(List.of(), store.read(600, 7, 1));
      assertEquals(List.of(), store.read(-1, 7, 1));
      long bytes = 0;
      for (StoredEntry row : store.read(512, 50, 800)) {
        assertEquals(store.envelope(row.index()), row.envelope());
        assertEquals(store.payload(row.index()), row.payload());
        LedgerEntry entry = Entries.plain(row.index());
        bytes += 35 + entry.envelope().size() + entry.content().size();
      }
      assertTrue(bytes > 600 && bytes <= 800, "bytes: " + bytes);
    }
  }

  @Test
  void opensWhereItWasClosed() throws IOException {
    for (long size : new long[] {0, 1, 255, 256, 257, 700}) {
      try (LedgerStore store = open()) {
        appendTo(store, size, (int) size);
        assertEquals(size, store.sync());
      }
      try (LedgerStore store = open()) {
        assertHolds(store, size);
      }
    }
  }

  @Test
  @DisplayName("S56 a torn tail of any file is cut, and what comes after is written again")
  void cutsATornTail() throws IOException {
    try (LedgerStore store = open()) {
      appendTo(store, 600, 4);
    }
    try (LedgerStore store = open()) {
      store.truncateTo(520);
      assertHolds(store, 520);
      appendTo(store, 600, 5);
      assertHolds(store, 600);
    }
    Random random = new Random(6);
    for (int i = 0; i < 60; i++) {
      List<Path> files = files();
      Path file = files.get(random.nextInt(files.size()));
      long length = Files.size(file);
      long kept = Math.max(0, length - 1 - random.nextInt(2_000));
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(kept);
      }
      try (LedgerStore store = open()) {
        assertTrue(store.size() <= 600);
        appendTo(store, 600, i);
        assertEquals(naive(600).root(), store.head().root());
      }
    }
    try (LedgerStore store = open()) {
      assertHolds(store, 600);
    }
  }

  @Test
  @DisplayName("S56 a file that ends before the mark is damage, named with its offset")
  void namesTheFileThatEndsTooEarly() throws IOException {
    try (LedgerStore store = open()) {
      appendTo(store, 600, 4);
    }
    for (Path file : files()) {
      byte[] whole = Files.readAllBytes(file);
      if (whole.length == 0) {
        continue;
      }
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
      try (LedgerStore store = open()) {
        assertTrue(store.size() < 600, file.toString());
        DamagedStoreException damaged =
            assertThrows(DamagedStoreException.class, () -> store.truncateTo(600));
        String message = Objects.requireNonNull(damaged.getMessage());
        assertTrue(message.contains(file.toString()), message);
        assertTrue(message.contains("offset " + (whole.length - 1)), message);
      }
      Files.write(file, whole);
    }
    try (LedgerStore store = open()) {
      store.truncateTo(600);
      assertHolds(store, 600);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void showsReadersWholeAppendsOnly() throws Exception {
    try (LedgerStore store = open()) {
      store.append(Entries.plain(0, 1));
      MerkleTree tree = naive(4_000);
      Thread reader =
          new Thread(
              () -> {
                Random random = new Random(8);
                while (store.size() < 4_000) {
                  TreeHead head = store.head();
                  long at = random.nextLong(head.size());
                  InclusionProof proof = InclusionProof.build(store, at, head.size());
                  if (!proof.verify(Rfc6962.leafHash(read(store, at)), tree.root(head.size()))) {
                    throw new IllegalStateException("entry " + at + " in " + head);
                  }
                }
              });
      Throwable[] failure = new Throwable[1];
      reader.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
      reader.start();
      appendTo(store, 4_000, 9);
      reader.join();
      assertEquals(null, failure[0]);
    }
  }

  private static Bytes read(LedgerStore store, long at) {
    try {
      return store.envelope(at);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void survivesAnInterruptedReader() throws Exception {
    try (LedgerStore store = open()) {
      appendTo(store, 300, 1);
      Thread reader =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                assertThrows(IOException.class, () -> store.envelope(5));
              });
      reader.start();
      reader.join();
      appendTo(store, 600, 2);
      assertHolds(store, 600);
    }
  }

  @Test
  void overwritesAnErasedPayloadAndNothingElse() throws IOException {
    try (LedgerStore store = open()) {
      appendTo(store, 600, 1);
      store.erase(77, 599);
      store.erase(77, 599);
      assertEquals(new StoredPayload.Erased(599), store.payload(77));
      ByteArrayOutputStream rows = new ByteArrayOutputStream();
      store.payloadRows(0, 256, rows);
      List<String> lines = rows.toString(UTF_8).lines().toList();
      assertEquals(256, lines.size());
      assertEquals("{\"erased\":\"599\",\"index\":\"77\"}", lines.get(77));
      LedgerEntry entry = Entries.plain(78);
      Base64.Encoder base64 = Base64.getEncoder();
      assertEquals(
          "{\"index\":\"78\",\"payload\":\""
              + base64.encodeToString(entry.content().toArray())
              + "\",\"salt\":\""
              + base64.encodeToString(entry.salt().toArray())
              + "\"}",
          lines.get(78));
      assertEquals(naive(600).root(), store.head().root());
      assertEquals(new StoredPayload.Erased(599), store.read(70, 20, 1 << 20).get(7).payload());
    }
  }

  @Test
  @DisplayName("S20 the largest envelope and payload fit, one byte more is refused")
  void takesTheLargestEntries() throws IOException {
    try (LedgerStore store = open()) {
      Bytes salt = Bytes.wrap(new byte[32]);
      Bytes payload = Bytes.wrap(new byte[1 << 20]);
      store.append(List.of(new LedgerEntry(Bytes.wrap(new byte[65_535]), salt, payload)));
      assertEquals(65_535, store.envelope(0).size());
      assertEquals(new StoredPayload.Present(salt, payload), store.payload(0));
      LedgerEntry tooLong = new LedgerEntry(Bytes.wrap(new byte[65_536]), salt, payload);
      assertThrows(IllegalArgumentException.class, () -> store.append(List.of(tooLong)));
      store.append(Entries.plain(1, 2));
      assertEquals(2, store.size());
      assertEquals(Entries.plain(1).envelope(), store.envelope(1));
    }
  }

  @Test
  void keepsFewFilesOpen() throws IOException {
    try (LedgerStore store = open()) {
      appendTo(store, 40_000, 3);
      assertTrue(files().size() > 100);
      for (long i = 0; i < 40_000; i += 97) {
        assertEquals(Entries.plain(i).envelope(), store.envelope(i));
      }
      store.sync();
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        long ours =
            open.filter(fd -> target(fd).startsWith(directory.toString())).distinct().count();
        assertTrue(ours < 50, "open files: " + ours);
      }
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "closed: " + e.getMessage();
    }
  }
}
