package io.tallystick.crypto.merkle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Mutations;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
  private static final long SEED = 6962;

  private static MerkleTree tree(Random random, int leaves) {
    MerkleTree tree = new MerkleTree();
    for (int i = 0; i < leaves; i++) {
      byte[] leaf = new byte[random.nextInt(40)];
      random.nextBytes(leaf);
      tree.append(Rfc6962.leafHash(leaf));
    }
    return tree;
  }

  @Test
  void provesEveryLeafAndRefusesEveryMutation() {
    Random random = new Random(SEED);
    for (int size : List.of(1, 2, 3, 7, 64, 65, 127, 300)) {
      MerkleTree tree = tree(random, size);
      for (int index = 0; index < size; index++) {
        InclusionProof proof = InclusionProof.build(tree, index, size);
        Digest leaf = tree.hash(0, index);
        assertTrue(proof.verify(leaf, tree.root()));
        assertEquals(tree.root(), proof.root(leaf));
        for (int i = 0; i < proof.path().size(); i++) {
          List<Digest> path = flipped(proof.path(), i, random.nextInt(256));
          assertFalse(InclusionProof.verify(index, size, leaf, path, tree.root()));
        }
        assertFalse(proof.verify(flip(leaf, random.nextInt(256)), tree.root()));
        assertFalse(proof.verify(leaf, flip(tree.root(), random.nextInt(256))));
        refusesOtherShapes(proof, leaf, tree.root());
      }
    }
  }

  private static void refusesOtherShapes(InclusionProof proof, Digest leaf, Digest root) {
    List<Digest> longer = new ArrayList<>(proof.path());
    longer.add(root);
    assertFalse(InclusionProof.verify(proof.index(), proof.size(), leaf, longer, root));
    assertThrows(
        MalformedTreeException.class,
        () -> new InclusionProof(proof.index(), proof.size(), longer));
    if (!proof.path().isEmpty()) {
      List<Digest> shorter = proof.path().subList(1, proof.path().size());
      assertFalse(InclusionProof.verify(proof.index(), proof.size(), leaf, shorter, root));
    }
  }

  @Test
  @DisplayName("S30 a proof for one index doesn't verify for another")
  void refusesAProofForAnotherIndex() {
    MerkleTree tree = tree(new Random(SEED), 37);
    for (int index = 0; index < 37; index++) {
      InclusionProof proof = InclusionProof.build(tree, index, 37);
      for (int other = 0; other < 37; other++) {
        assertEquals(
            other == index,
            InclusionProof.verify(other, 37, tree.hash(0, index), proof.path(), tree.root()));
      }
      assertFalse(InclusionProof.verify(-1, 37, tree.hash(0, index), proof.path(), tree.root()));
      assertFalse(InclusionProof.verify(37, 37, tree.hash(0, index), proof.path(), tree.root()));
    }
  }

  @Test
  void provesEveryPrefixAndRefusesEveryMutation() {
    Random random = new Random(SEED);
    MerkleTree tree = tree(random, 90);
    for (int to = 0; to <= 90; to++) {
      Digest toRoot = tree.root(to);
      for (int from = 0; from <= to; from++) {
        ConsistencyProof proof = ConsistencyProof.build(tree, from, to);
        Digest fromRoot = tree.root(from);
        assertTrue(proof.verify(fromRoot, toRoot), from + " to " + to);
        assertFalse(proof.verify(flip(fromRoot, random.nextInt(256)), toRoot));
        if (from > 0) {
          assertFalse(proof.verify(fromRoot, flip(toRoot, random.nextInt(256))));
        }
        for (int i = 0; i < proof.path().size(); i++) {
          List<Digest> path = flipped(proof.path(), i, random.nextInt(256));
          assertFalse(ConsistencyProof.verify(from, to, fromRoot, toRoot, path));
        }
        List<Digest> longer = new ArrayList<>(proof.path());
        longer.add(toRoot);
        assertFalse(ConsistencyProof.verify(from, to, fromRoot, toRoot, longer));
        if (!proof.path().isEmpty()) {
          List<Digest> shorter = proof.path().subList(0, proof.path().size() - 1);
          assertFalse(ConsistencyProof.verify(from, to, fromRoot, toRoot, shorter));
        }
      }
    }
    assertThrows(MalformedTreeException.class, () -> ConsistencyProof.build(tree, 3, 2));
  }

  @Test
  void provesEveryRangeAndEachLeafOfIt() {
    Random random = new Random(SEED);
    for (int size : List.of(1, 2, 5, 16, 21)) {
      MerkleTree tree = tree(random, size);
      for (int lo = 0; lo < size; lo++) {
        for (int hi = lo + 1; hi <= size; hi++) {
          checkRange(tree, RangeProof.build(tree, lo, hi, size), random);
        }
      }
    }
    MerkleTree large = tree(random, 777);
    for (int i = 0; i < 200; i++) {
      int lo = random.nextInt(777);
      int hi = lo + 1 + random.nextInt(777 - lo);
      RangeProof proof = RangeProof.build(large, lo, hi, 777);
      assertTrue(proof.hashes().size() <= 20);
      checkRange(large, proof, random);
    }
  }

  private static void checkRange(MerkleTree tree, RangeProof proof, Random random) {
    List<Digest> leaves = new ArrayList<>();
    for (long i = proof.lo(); i < proof.hi(); i++) {
      leaves.add(tree.hash(0, i));
    }
    assertTrue(proof.verify(leaves, tree.root()));
    OpenRange open = proof.open(leaves);
    for (long i = proof.lo(); i < proof.hi(); i++) {
      assertEquals(InclusionProof.build(tree, i, proof.size()), open.proof(i));
    }
    assertThrows(MalformedTreeException.class, () -> open.proof(proof.hi()));
    assertThrows(MalformedTreeException.class, () -> open.proof(proof.lo() - 1));
    for (int i = 0; i < proof.hashes().size(); i++) {
      List<Digest> bad = flipped(proof.hashes(), i, random.nextInt(256));
      RangeProof mutated = new RangeProof(proof.lo(), proof.hi(), proof.size(), bad);
      assertFalse(mutated.verify(leaves, tree.root()));
    }
    int victim = random.nextInt(leaves.size());
    assertFalse(proof.verify(flipped(leaves, victim, random.nextInt(256)), tree.root()));
    assertFalse(proof.verify(leaves.subList(1, leaves.size()), tree.root()));
    List<Digest> longer = new ArrayList<>(proof.hashes());
    longer.add(tree.root());
    assertThrows(
        MalformedTreeException.class,
        () -> new RangeProof(proof.lo(), proof.hi(), proof.size(), longer));
  }

  @Test
  void takesATreeUpAgainFromItsEdge() {
    MerkleTree tree = tree(new Random(SEED), 600);
    CompactRange range = new CompactRange();
    for (int size = 0; size < 600; size++) {
      assertEquals(tree.root(size), range.root());
      assertEquals(size, range.size());
      CompactRange again = CompactRange.of(size, range.hashes());
      CompactRange read = CompactRange.of(size, (HashSource) tree);
      assertEquals(range.hashes(), read.hashes());
      again.append(tree.hash(0, size));
      range.append(tree.hash(0, size));
      assertEquals(again.hashes(), range.hashes());
    }
    assertThrows(
        MalformedTreeException.class, () -> CompactRange.of(5, range.hashes().subList(0, 1)));
    assertThrows(MalformedTreeException.class, () -> CompactRange.of(-1, List.of()));
  }

  @Test
  void appendsWholeSubtrees() {
    MerkleTree tree = tree(new Random(SEED), 20);
    CompactRange range = new CompactRange();
    range.appendSubtree(4, tree.hash(4, 0), SubtreeSink.NONE);
    range.appendSubtree(1, tree.hash(1, 8), SubtreeSink.NONE);
    range.appendSubtree(1, tree.hash(1, 9), SubtreeSink.NONE);
    assertEquals(tree.root(), range.root());
    assertThrows(
        MalformedTreeException.class,
        () -> range.appendSubtree(3, tree.hash(3, 0), SubtreeSink.NONE));
    assertThrows(MalformedTreeException.class, () -> tree.hash(3, 3));
  }

  @Test
  void readsEverySubtreeFromTiles() {
    MerkleTree tree = tree(new Random(SEED), 700);
    for (long size : List.of(1L, 255L, 256L, 257L, 512L, 700L)) {
      TiledHashes tiled =
          new TiledHashes(
              size,
              path -> {
                assertEquals(TilePath.width(path.level(), path.index(), size), path.width());
                List<Digest> hashes = new ArrayList<>();
                for (int i = 0; i < path.width(); i++) {
                  hashes.add(tree.hash(8 * path.level(), path.index() * 256 + i));
                }
                return Tile.decode(new Tile(hashes).encode().toArray(), path.width());
              });
      for (int level = 0; level < 10; level++) {
        for (long index = 0; index < size >>> level; index++) {
          assertEquals(tree.hash(level, index), tiled.hash(level, index));
        }
      }
      assertThrows(MalformedTreeException.class, () -> tiled.hash(0, size));
    }
  }

  @Test
  void namesTheFilesOfATreeOf70000Leaves() {
    List<TilePath> paths = TilePath.all(TilePath.Kind.HASHES, 70_000);
    assertEquals(273, paths.stream().filter(p -> p.level() == 0 && p.isFull()).count());
    assertTrue(paths.contains(TilePath.hashes(0, 273, 112)));
    assertTrue(paths.contains(TilePath.hashes(1, 0, 256)));
    assertTrue(paths.contains(TilePath.hashes(1, 1, 17)));
    assertTrue(paths.contains(TilePath.hashes(2, 0, 1)));
    assertEquals(277, paths.size());
    assertEquals("payloads/000.p/3", TilePath.payloads(0, 3).toString());
    assertEquals(TilePath.payloads(0, 3), TilePath.parse("payloads/000.p/3"));
    assertEquals(0, TilePath.width(63, 0, Long.MAX_VALUE));
    assertEquals(TilePath.hashes(0, 273, 256), TilePath.hashes(0, 273, 112).full());
  }

  @Test
  void refusesSpellingsThatAreNotCanonical() {
    for (String text :
        List.of(
            "",
            "tile",
            "tile/",
            "/tile/0/000",
            "tile/0/x000/001",
            "tile/00/000",
            "tile/0/000/",
            "tile/0/000.p/0",
            "tile/0/000.p/01",
            "tile/0/000.p/256",
            "tile/entries/0/000",
            "tile/entries/00",
            "payloads/",
            "payloads/x00a/000",
            "tile/0/000.p/1.p/1",
            "tile/entries/x000/x001/002",
            "tile/0/٠٠٠",
            "tile//000",
            "x".repeat(5000))) {
      assertThrows(MalformedTreeException.class, () -> TilePath.parse(text), text);
    }
  }

  @Test
  void decodersRefuseWithOneTypeOfFailureOnly() {
    Random random = new Random(SEED);
    byte[] bundle =
        new EntryBundle(List.of(Bytes.utf8("first"), Bytes.EMPTY, Bytes.utf8("third entry")))
            .encode()
            .toArray();
    byte[] path = Bytes.utf8("tile/entries/x001/x234/067.p/89").toArray();
    int accepted = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] mutated = Mutations.mutate(random, bundle);
      try {
        EntryBundle decoded = EntryBundle.decode(mutated, 1 + random.nextInt(4));
        assertEquals(Bytes.wrap(mutated), decoded.encode());
        accepted++;
      } catch (MalformedTreeException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("(expected: "));
      }
      String text = Bytes.wrap(Mutations.mutate(random, path)).toUtf8();
      try {
        assertEquals(text, TilePath.parse(text).toString());
        accepted++;
      } catch (MalformedTreeException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("(expected: "));
      }
    }
    assertTrue(accepted > 0);
  }

  @Test
  void refusesFilesOfTheWrongLength() {
    byte[] bundle = new EntryBundle(List.of(Bytes.utf8("one"))).encode().toArray();
    assertEquals(1, EntryBundle.decode(bundle, 1).entries().size());
    assertThrows(MalformedTreeException.class, () -> EntryBundle.decode(bundle, 2));
    assertThrows(MalformedTreeException.class, () -> EntryBundle.decode(bundle, 0));
    assertThrows(MalformedTreeException.class, () -> EntryBundle.decode(new byte[6], 1));
    Bytes tooLong = Bytes.wrap(new byte[65_536]);
    assertThrows(MalformedTreeException.class, () -> new EntryBundle(List.of(tooLong)));
    assertThrows(MalformedTreeException.class, () -> Tile.decode(new byte[33], 1));
    assertThrows(MalformedTreeException.class, () -> Tile.decode(new byte[0], 0));
    assertThrows(MalformedTreeException.class, () -> new Tile(List.of()));
  }

  private static Digest flip(Digest digest, int bit) {
    byte[] bytes = digest.toArray();
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    return Digest.of(bytes);
  }

  private static List<Digest> flipped(List<Digest> digests, int at, int bit) {
    List<Digest> copy = new ArrayList<>(digests);
    copy.set(at, flip(copy.get(at), bit));
    return copy;
  }
}
