package io.tallystick.crypto.merkle;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MerkleVectorsTest {
  private static final int ACCUMULATED_SIZE_MAX = 130;

  @Test
  void reproducesRootsAndProofsOfTheEightReferenceLeaves() {
    JsonNode vectors = Vectors.json("merkle-sizes-0-8.json");
    MerkleTree tree = new MerkleTree();
    for (int i = 0; i < 8; i++) {
      Digest leaf = Rfc6962.leafHash(Bytes.fromHex(vectors.at("/leaves_hex/" + i).asText()));
      assertEquals(vectors.at("/leaf_hashes_hex/" + i).asText(), leaf.toHex());
      assertEquals(vectors.at("/roots_hex/" + i).asText(), tree.root().toHex());
      tree.append(leaf);
    }
    assertEquals(vectors.at("/roots_hex/8").asText(), tree.root().toHex());
    for (JsonNode row : vectors.get("inclusion")) {
      long index = row.get("index").asLong();
      InclusionProof proof = InclusionProof.build(tree, index, row.get("size").asLong());
      assertEquals(hexes(row.get("proof_hex")), proof.path());
      assertTrue(proof.verify(tree.hash(0, index), tree.root(proof.size())));
    }
    JsonNode consistency = vectors.get("consistency");
    assertTrue(consistency.size() > 20);
    for (JsonNode row : consistency) {
      long from = row.get("size1").asLong();
      long to = row.get("size2").asLong();
      ConsistencyProof proof = ConsistencyProof.build(tree, from, to);
      assertEquals(hexes(row.get("proof_hex")), proof.path());
      assertTrue(proof.verify(tree.root(from), tree.root(to)));
    }
  }

  @Test
  @DisplayName("S72 leaves and nodes are hashed apart, and the empty tree has a root of its own")
  void separatesLeavesFromNodes() {
    JsonNode hasher = Vectors.json("merkle-sizes-0-8.json").get("hasher");
    assertEquals(hasher.get("empty_root").asText(), Rfc6962.EMPTY_ROOT.toHex());
    assertEquals(Rfc6962.EMPTY_ROOT, new CompactRange().root());
    assertEquals(hasher.get("leaf_empty").asText(), Rfc6962.leafHash(Bytes.EMPTY).toHex());
    assertEquals(
        hasher.get("leaf_L123456").asText(), Rfc6962.leafHash(Bytes.utf8("L123456")).toHex());
    assertEquals(
        hasher.get("node_N123_N456").asText(),
        Digest.sha256(new byte[] {1}, "N123".getBytes(US_ASCII), "N456".getBytes(US_ASCII))
            .toHex());
    Digest a = Rfc6962.leafHash(Bytes.utf8("a"));
    Digest b = Rfc6962.leafHash(Bytes.utf8("b"));
    byte[] both = new byte[64];
    System.arraycopy(a.toArray(), 0, both, 0, 32);
    System.arraycopy(b.toArray(), 0, both, 32, 32);
    assertNotEquals(Rfc6962.leafHash(both), Rfc6962.root(List.of(a, b)));
    assertNotEquals(Rfc6962.root(List.of(a, b, b)), Rfc6962.root(List.of(a, b, b, b)));
  }

  @Test
  void reproducesTheDigestsOverAllTreesUpTo130Leaves() {
    JsonNode vectors = Vectors.json("accumulated.json");
    MerkleTree tree = new MerkleTree();
    for (int i = 0; i < ACCUMULATED_SIZE_MAX; i++) {
      tree.append(Rfc6962.leafHash(new byte[] {(byte) i}));
    }
    StringBuilder roots = new StringBuilder();
    StringBuilder inclusion = new StringBuilder();
    StringBuilder consistency = new StringBuilder();
    for (int n = 0; n <= ACCUMULATED_SIZE_MAX; n++) {
      roots.append(n).append(' ').append(tree.root(n).toHex()).append('\n');
      for (int i = 0; i < n; i++) {
        inclusion.append(i).append(' ').append(n);
        line(inclusion, InclusionProof.build(tree, i, n).path());
      }
      for (int m = 1; m <= n; m++) {
        consistency.append(m).append(' ').append(n);
        line(consistency, ConsistencyProof.build(tree, m, n).path());
      }
    }
    JsonNode derived = vectors.get("derived");
    assertEquals(derived.at("/plain_roots/sha256").asText(), sha256(roots));
    assertEquals(derived.at("/plain_inclusion/sha256").asText(), sha256(inclusion));
    assertEquals(derived.at("/plain_consistency/sha256").asText(), sha256(consistency));
  }

  @Test
  void reproducesThePublishedSubtreeDigests() {
    JsonNode published = Vectors.json("accumulated.json").get("published");
    MerkleTree tree = new MerkleTree();
    for (int i = 0; i < ACCUMULATED_SIZE_MAX; i++) {
      tree.append(Rfc6962.leafHash(new byte[] {(byte) i}));
    }
    StringBuilder hashes = new StringBuilder();
    StringBuilder inclusion = new StringBuilder();
    for (int end = 0; end <= ACCUMULATED_SIZE_MAX; end++) {
      for (int start = 0; start <= end; start++) {
        int width = end - start;
        long ceiling = width <= 1 ? 1 : Integer.highestOneBit(width - 1) << 1;
        if (width > 0 && start % ceiling != 0) {
          continue;
        }
        String range = "[" + start + ", " + end + ")";
        hashes.append(range).append(' ').append(Subtrees.root(tree, start, end).toHex());
        hashes.append('\n');
        long lo = start;
        HashSource part = (level, index) -> tree.hash(level, index + (lo >>> level));
        for (int i = start; i < end; i++) {
          inclusion.append(i).append(' ').append(range);
          line(inclusion, InclusionProof.build(part, i - start, width).path());
        }
      }
    }
    assertEquals(published.at("/subtree_hash/sha256").asText(), sha256(hashes));
    assertEquals(published.at("/subtree_inclusion/sha256").asText(), sha256(inclusion));
  }

  @Test
  void reproducesTilesAndEntryBundlesUpTo600Leaves() {
    JsonNode vectors = Vectors.json("merkle-tiles-600.json");
    List<Bytes> entries = new ArrayList<>();
    MerkleTree tree = new MerkleTree();
    for (int i = 0; i < 600; i++) {
      entries.add(Bytes.utf8("leaf " + i));
      tree.append(Rfc6962.leafHash(entries.getLast()));
    }
    vectors
        .get("roots")
        .properties()
        .forEach(
            row ->
                assertEquals(
                    row.getValue().asText(),
                    Base64.getEncoder()
                        .encodeToString(tree.root(Long.parseLong(row.getKey())).toArray())));
    for (var bySize : vectors.get("tiles").properties()) {
      long size = Long.parseLong(bySize.getKey());
      List<String> named = new ArrayList<>();
      bySize.getValue().fieldNames().forEachRemaining(named::add);
      List<String> paths = new ArrayList<>();
      for (TilePath.Kind kind : List.of(TilePath.Kind.HASHES, TilePath.Kind.ENTRIES)) {
        for (TilePath path : TilePath.all(kind, size)) {
          paths.add(path.toString());
          String want = bySize.getValue().path(path.toString()).asText();
          assertEquals(want, Digest.sha256(file(path, tree, entries)).toHex());
        }
      }
      paths.sort(null);
      named.sort(null);
      assertEquals(named, paths);
    }
  }

  private static Bytes file(TilePath path, MerkleTree tree, List<Bytes> entries) {
    int from = (int) path.index() * TilePath.FULL;
    if (path.kind() == TilePath.Kind.ENTRIES) {
      return new EntryBundle(entries.subList(from, from + path.width())).encode();
    }
    List<Digest> hashes = new ArrayList<>();
    for (int i = 0; i < path.width(); i++) {
      hashes.add(tree.hash(path.level() * Tile.HEIGHT, from + i));
    }
    return new Tile(hashes).encode();
  }

  @Test
  void writesAndReadsTilePathsAsC2spDoes() {
    JsonNode vectors = Vectors.json("tile-paths.json");
    for (JsonNode row : vectors.get("tile")) {
      int width = row.get(2).asInt() == 0 ? TilePath.FULL : row.get(2).asInt();
      TilePath path = TilePath.hashes(row.get(0).asInt(), row.get(1).asLong(), width);
      assertEquals(row.get(3).asText(), path.toString());
      assertEquals(path, TilePath.parse(row.get(3).asText()));
    }
    for (JsonNode row : vectors.get("entries_for_index")) {
      long index = row.get(0).asLong() / TilePath.FULL;
      int width = TilePath.width(0, index, row.get(1).asLong());
      assertEquals(row.get(2).asText(), TilePath.entries(index, width).toString());
    }
    for (JsonNode row : vectors.get("invalid_level_and_n")) {
      String text = "tile/" + row.get(0).asText() + "/" + row.get(1).asText();
      assertThrows(MalformedTreeException.class, () -> TilePath.parse(text), text);
    }
  }

  @Test
  void agreesWithThePublishedProofs() throws IOException {
    Path proofs = Vectors.published().resolve("merkle-proofs");
    int checked = 0;
    for (String kind : List.of("inclusion", "consistency")) {
      try (Stream<Path> files = Files.walk(proofs.resolve(kind))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
          JsonNode row = Vectors.parse(Files.readAllBytes(file));
          boolean verified = kind.equals("inclusion") ? inclusion(row) : consistency(row);
          assertEquals(!row.get("wantErr").asBoolean(), verified, file.toString());
          checked++;
        }
      }
    }
    assertTrue(checked > 150, checked + " checked");
  }

  @Test
  void verifiesALeafOfARealLog() throws IOException {
    Path file = Vectors.published().resolve("inclusion-oak-76958.json");
    JsonNode row = Vectors.parse(Files.readAllBytes(file));
    Digest leaf = Rfc6962.leafHash(Bytes.fromHex(row.get("leaf_data_hex").asText()));
    List<Digest> path = new ArrayList<>();
    row.get("proof_b64").forEach(h -> path.add(Digest.of(Vectors.base64(h.asText()))));
    Digest root = Digest.of(Vectors.base64(row.get("root_b64").asText()));
    long index = row.get("index").asLong();
    assertTrue(new InclusionProof(index, row.get("size").asLong(), path).verify(leaf, root));
  }

  @Test
  void readsTheTilesOfAPublishedLog() throws IOException {
    Path log = Vectors.published().resolve("tessera-testlog/testdata/log");
    for (int size = 1; size <= 15; size++) {
      String bundlePath = TilePath.entries(0, size).toString();
      EntryBundle bundle = EntryBundle.decode(Files.readAllBytes(log.resolve(bundlePath)), size);
      TiledHashes hashes = new TiledHashes(size, path -> read(log, path));
      MerkleTree tree = MerkleTree.of(bundle.entries().stream().map(Rfc6962::leafHash).toList());
      String[] checkpoint = Files.readString(log.resolve("checkpoint." + size)).split("\n");
      Digest root = Digest.of(Vectors.base64(checkpoint[2]));
      assertEquals(Integer.toString(size), checkpoint[1]);
      assertEquals(root, tree.root());
      assertEquals(root, CompactRange.of(size, hashes).root());
    }
  }

  private static Tile read(Path log, TilePath path) {
    try {
      return Tile.decode(Files.readAllBytes(log.resolve(path.toString())), path.width());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean inclusion(JsonNode row) {
    try {
      return InclusionProof.verify(
          row.get("leafIdx").bigIntegerValue().longValueExact(),
          row.get("treeSize").bigIntegerValue().longValueExact(),
          Digest.of(Vectors.base64(row.get("leafHash").asText())),
          digests(row.get("proof")),
          Digest.of(Vectors.base64(row.get("root").asText())));
    } catch (IllegalArgumentException | ArithmeticException e) {
      // A hash that isn't 32 bytes or a size past 2^63 never becomes a value
      return false;
    }
  }

  private static boolean consistency(JsonNode row) {
    try {
      return ConsistencyProof.verify(
          row.get("size1").bigIntegerValue().longValueExact(),
          row.get("size2").bigIntegerValue().longValueExact(),
          Digest.of(Vectors.base64(row.get("root1").asText())),
          Digest.of(Vectors.base64(row.get("root2").asText())),
          digests(row.get("proof")));
    } catch (IllegalArgumentException | ArithmeticException e) {
      // "dont care" roots of one-leaf trees aren't digests: compare them as they are
      boolean equal = row.get("root1").equals(row.get("root2"));
      return equal
          && row.get("size1").asLong() == 1
          && row.get("size2").asLong() == 1
          && row.get("proof").isEmpty();
    }
  }

  private static List<Digest> digests(JsonNode array) {
    List<Digest> digests = new ArrayList<>();
    array.forEach(hash -> digests.add(Digest.of(Vectors.base64(hash.asText()))));
    return digests;
  }

  private static List<Digest> hexes(JsonNode array) {
    List<Digest> digests = new ArrayList<>();
    array.forEach(hash -> digests.add(Digest.fromHex(hash.asText())));
    return digests;
  }

  private static void line(StringBuilder out, List<Digest> hashes) {
    hashes.forEach(hash -> out.append(' ').append(hash.toHex()));
    out.append('\n');
  }

  private static String sha256(StringBuilder text) {
    return Digest.sha256(Bytes.utf8(text.toString())).toHex();
  }
}
