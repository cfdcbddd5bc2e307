package io.tallystick.crypto.note;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Mutations;
import io.tallystick.crypto.Vectors;
import io.tallystick.crypto.merkle.Rfc6962;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NoteTest {
  private static final long SEED = 31;
  private static final String ORIGIN = "ledger.example.com/audit";
  private static final NoteSigner LOG = NoteSigner.log(ORIGIN, NoteVectorsTest.key(0x10));
  private static final String TEXT =
      Checkpoint.of(ORIGIN, 8, NoteVectorsTest.referenceTree().root()).text();

  private static NoteSigner replica(int id) {
    return NoteSigner.cosigner("replica" + id + ".example.com", NoteVectorsTest.key(0x20 + id));
  }

  private static TlogPolicy policy(int replicas, int quorum) {
    TreeMap<Integer, VerifierKey> keys = new TreeMap<>();
    for (int i = 0; i < replicas; i++) {
      keys.put(i, replica(i).key());
    }
    return TlogPolicy.ofReplicas(LOG.key(), keys, quorum);
  }

  private static SignedNote note(String text, int... cosigners) {
    List<NoteSignature> lines = new ArrayList<>();
    lines.add(LOG.sign(text));
    for (int id : cosigners) {
      lines.add(replica(id).cosign(text, 1_700_000_000L + id));
    }
    return new SignedNote(text, lines);
  }

  private static void refuses(Refusal reason, TlogPolicy policy, SignedNote note) {
    var refused = assertInstanceOf(PolicyVerdict.Refused.class, policy.evaluate(note));
    assertEquals(reason, refused.reason(), refused.detail());
  }

  @Test
  void acceptsAQuorumAndNoLess() {
    TlogPolicy policy = policy(4, 3);
    refuses(Refusal.QUORUM_MISSED, policy, note(TEXT));
    refuses(Refusal.QUORUM_MISSED, policy, note(TEXT, 0, 3));
    assertInstanceOf(PolicyVerdict.Accepted.class, policy.evaluate(note(TEXT, 0, 2, 3)));
    assertInstanceOf(PolicyVerdict.Accepted.class, policy.evaluate(note(TEXT, 3, 2, 1, 0)));
  }

  @Test
  @DisplayName("S25 one cosigner's lines count once, and strangers' not at all")
  void countsEachCosignerOnce() {
    TlogPolicy policy = policy(4, 3);
    refuses(Refusal.QUORUM_MISSED, policy, note(TEXT, 0, 1, 1, 1));
    refuses(Refusal.QUORUM_MISSED, policy, note(TEXT, 0, 1, 7, 8, 9));
  }

  @Test
  void takesThePositionThNewestTime() {
    var accepted =
        assertInstanceOf(PolicyVerdict.Accepted.class, policy(4, 3).evaluate(note(TEXT, 0, 1, 3)));
    assertEquals(1_700_000_003L, accepted.timestampSeconds(1));
    assertEquals(1_700_000_001L, accepted.timestampSeconds(2));
    assertEquals(1_700_000_000L, accepted.timestampSeconds(3));
    assertThrows(IllegalArgumentException.class, () -> accepted.timestampSeconds(4));
  }

  @Test
  void refusesTheWholeNoteForOneBadLineOfAKnownKey() {
    SignedNote good = note(TEXT, 0, 1, 2);
    List<NoteSignature> lines = new ArrayList<>(good.signatures());
    lines.add(replica(3).cosign("another text\n", 5));
    refuses(Refusal.BAD_SIGNATURE, policy(4, 3), new SignedNote(TEXT, lines));
    assertInstanceOf(
        PolicyVerdict.Accepted.class, policy(3, 3).evaluate(new SignedNote(TEXT, lines)));
  }

  @Test
  void refusesNotesWithoutTheLogOrOfAnotherOrigin() {
    TlogPolicy policy = policy(4, 3);
    SignedNote all = note(TEXT, 0, 1, 2);
    List<NoteSignature> cosigned = all.signatures().subList(1, 4);
    refuses(Refusal.NO_LOG_SIGNATURE, policy, new SignedNote(TEXT, cosigned));
    SignedNote stranger = new SignedNote(TEXT, List.of(replica(9).cosign(TEXT, 1)));
    refuses(Refusal.NO_KNOWN_KEY, policy, stranger);
    String foreign = TEXT.replace(ORIGIN, "evil.example/log");
    refuses(Refusal.WRONG_ORIGIN, policy, note(foreign, 0, 1, 2));
    refuses(Refusal.MALFORMED, policy, note("no checkpoint\n", 0, 1, 2));
  }

  @Test
  void evaluatesNestedGroups() {
    StringBuilder file = new StringBuilder("# nested\n\n \t log\t").append(LOG.key());
    file.append(" https://example.com/ \n");
    for (int i = 0; i < 6; i++) {
      file.append("witness w" + i + " " + replica(i).key() + "\n");
    }
    file.append("group a 2 w0 w1 w2\ngroup b any w3 w4\ngroup c all a b w5\nquorum c\n");
    TlogPolicy policy = TlogPolicy.parse(file.toString());
    assertEquals(policy, TlogPolicy.parse(policy.toString()));
    assertEquals("https://example.com/", policy.logs().getFirst().url());
    assertInstanceOf(PolicyVerdict.Accepted.class, policy.evaluate(note(TEXT, 0, 2, 4, 5)));
    refuses(Refusal.QUORUM_MISSED, policy, note(TEXT, 0, 2, 4));
    refuses(Refusal.QUORUM_MISSED, policy, note(TEXT, 0, 2, 5));
    refuses(Refusal.QUORUM_MISSED, policy, note(TEXT, 0, 3, 4, 5));
    TlogPolicy none = TlogPolicy.parse("log " + LOG.key() + "\nquorum none\n");
    assertInstanceOf(PolicyVerdict.Accepted.class, none.evaluate(note(TEXT)));
  }

  @Test
  void refusesPoliciesThatBreakARule() {
    String log = "log " + LOG.key() + "\n";
    String w = "witness w " + replica(0).key() + "\n";
    String x = "witness x " + replica(1).key() + "\n";
    for (String file :
        List.of(
            "",
            log,
            log + "quorum none",
            log + "quorum none\nquorum none\n",
            log + "quorum w\n" + w,
            log + w + w + "quorum w\n",
            log + w + "witness v " + replica(0).key() + "\nquorum w\n",
            log + log + "quorum none\n",
            log + w + "group g 2 w\nquorum g\n",
            log + w + "group g 0 w\nquorum g\n",
            log + w + "group g 01 w\nquorum g\n",
            log + w + x + "group g 1 w w\nquorum g\n",
            log + w + x + "group g 1 w x\ngroup h 1 w\nquorum g\n",
            log + w + "group g any x\n" + x + "quorum g\n",
            log + w + "group g any\nquorum w\n",
            log + w + "group w any w\nquorum w\n",
            log + "witness none " + replica(0).key() + "\nquorum none\n",
            log + w + "group g any none\nquorum g\n",
            log + "witness w " + LOG.key() + "\nquorum w\n",
            log + "witness w\nquorum none\n",
            log + "quorum none\r\n",
            log + "quorum none\u0001\n",
            log + "witnesses\nquorum none\n",
            log + "log a+00000000+AQAA\nquorum none\n")) {
      var e = assertThrows(MalformedNoteException.class, () -> TlogPolicy.parse(file), file);
      assertTrue(String.valueOf(e.getMessage()).contains("(expected: "), e.getMessage());
    }
    var e =
        assertThrows(
            MalformedNoteException.class, () -> TlogPolicy.parse(log + "\n" + w + "quorum y\n"));
    assertEquals(
        "policy line 4: quorum y (expected: none, or a name defined above)", e.getMessage());
  }

  @Test
  void boundsPolicies() {
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < PolicyBuilder.ENTRIES_MAX; i++) {
      Bytes unknownType = Bytes.wrap(new byte[] {0x55, (byte) i, 1});
      file.append("log l" + i + "+00000000+" + NoteText.base64(unknownType) + "\n");
    }
    assertEquals(128, TlogPolicy.parse(file + "quorum none\n").logs().size());
    file.append("log " + LOG.key() + "\n");
    assertThrows(MalformedNoteException.class, () -> TlogPolicy.parse(file + "quorum none\n"));
    String huge = "#" + "x".repeat(NoteText.BYTES_MAX) + "\n";
    assertThrows(MalformedNoteException.class, () -> TlogPolicy.parse(Bytes.utf8(huge)));
  }

  @Test
  void refusesNotesThatAreNotInTheirOneSpelling() {
    String good = note(TEXT, 0).toString();
    assertEquals(good, SignedNote.parse(good).toString());
    for (Function<String, String> damage :
        List.<Function<String, String>>of(
            s -> s.substring(0, s.length() - 1),
            s -> s + "\n",
            s -> s.replace("\n\n", "\n"),
            s -> s.replace("— ", "- "),
            s -> s.replace("— ", "—  "),
            s -> s.replace("\n— r", "\n\n— r").replace("\n\n— l", "\n— l") + "x",
            s -> s.replace("=\n", "\n"),
            s -> s.replace("\n", "\r\n"),
            s -> s + "— x\n",
            s -> s + "— x \n",
            s -> s + "— x AAAA\n",
            s -> s + "— x+y AAAAAAA=\n",
            s -> s + "—  AAAAAAA=\n",
            s -> s + "— x AAAAAAB=\n",
            s -> s + "— x\u00a0y AAAAAAA=\n",
            s -> s + "\u0000",
            s -> s + "— x AAAAAAA=\n".repeat(99))) {
      String bad = damage.apply(good);
      assertThrows(MalformedNoteException.class, () -> SignedNote.parse(bad), bad);
    }
    assertEquals(100, SignedNote.parse(good + "— x AAAAAAA=\n".repeat(98)).signatures().size());
    byte[] latin1 = {(byte) 0xe9, '\n', '\n'};
    assertThrows(MalformedNoteException.class, () -> SignedNote.parse(Bytes.wrap(latin1)));
    assertThrows(MalformedNoteException.class, () -> SignedNote.parse("\ud800\n\n— x AAAAAAA=\n"));
    String spaced = "text\n\nwith a blank line\n";
    SignedNote note =
        SignedNote.parse(new SignedNote(spaced, List.of(LOG.sign(spaced))).toString());
    assertEquals(spaced, note.text());
  }

  @Test
  void refusesCheckpointsThatAreNotInTheirOneSpelling() {
    for (String bad :
        List.of(
            "",
            "origin\n8\n",
            TEXT.substring(0, TEXT.length() - 1),
            TEXT + "\n",
            "\n" + TEXT,
            TEXT.replace("\n8\n", "\n08\n"),
            TEXT.replace("\n8\n", "\n+8\n"),
            TEXT.replace("\n8\n", "\n-8\n"),
            TEXT.replace("\n8\n", "\n9223372036854775808\n"),
            TEXT.replace("\n8\n", "\n99999999999999999999\n"),
            TEXT.replace("\n8\n", "\n٨\n"),
            TEXT.replace("\n8\n", "\n0\n"),
            TEXT.replace("=\n", "\n"),
            TEXT.replace("g=\n", "h=\n"),
            TEXT + "x\n".repeat(101))) {
      assertThrows(MalformedNoteException.class, () -> Checkpoint.parse(bad), bad);
    }
    Checkpoint extended = Checkpoint.parse(TEXT + "extension\n");
    assertTrue(extended.hasExtensions());
    assertEquals(TEXT + "extension\n", extended.text());
    assertFalse(Checkpoint.parse(TEXT).hasExtensions());
    Checkpoint largest = Checkpoint.of("o", Long.MAX_VALUE, Digest.ZERO);
    assertEquals(largest, Checkpoint.parse(largest.text()));
  }

  @Test
  void refusesProofsThatAreNotInTheirOneSpelling() {
    String good = NoteVectorsTest.proof(5, 8, note(TEXT, 0).signatures()).toString();
    assertEquals(good, TlogProof.parse(good).toString());
    String hash = good.split("\n")[2] + "\n";
    for (String bad :
        List.of(
            good.replace("@v1", "@v2"),
            good.replace("index 5", "index 05"),
            good.replace("index 5", "index 8"),
            good.replace("index 5\n", ""),
            good.replace("index 5\n", "index 5\nindex 5\n"),
            good.replace("index 5\n", "extra x\nindex 5\n"),
            good.replace("index 5\n", "extra YQ\nindex 5\n"),
            good.replace(hash, ""),
            good.replace(hash, hash + hash),
            good.replace(hash, hash.repeat(70)),
            good.replaceFirst("\n\n", "\n"),
            good.replaceFirst("\n\n", "\n\n\n"),
            good.replace("\n8\n", "\n9\n").replace("index 5", "index 9"),
            good.replace("\n", "\r\n"),
            good.substring(0, good.length() - 1),
            good.substring(1),
            "\n" + good,
            "")) {
      assertThrows(MalformedNoteException.class, () -> TlogProof.parse(bad), bad);
    }
    String extra = good.replace("index 5\n", "extra YQ==\nindex 5\n");
    assertEquals(Bytes.utf8("a"), TlogProof.parse(extra).extra().orElseThrow());
    assertEquals(extra, TlogProof.parse(extra).toString());
  }

  @Test
  void refusesEveryFlippedBitOfAReceipt() {
    TlogPolicy policy = policy(4, 3);
    Digest leaf = NoteVectorsTest.referenceTree().hash(0, 5);
    byte[] proof =
        Bytes.utf8(NoteVectorsTest.proof(5, 8, note(TEXT, 0, 1, 2).signatures()).toString())
            .toArray();
    assertInstanceOf(
        PolicyVerdict.Accepted.class, TlogProof.parse(Bytes.wrap(proof)).verify(policy, leaf));
    for (int bit = 0; bit < 8 * proof.length; bit++) {
      byte[] flipped = proof.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(accepts(policy, Bytes.wrap(flipped), leaf), "bit " + bit);
    }
  }

  private static boolean accepts(TlogPolicy policy, Bytes proof, Digest leaf) {
    try {
      return TlogProof.parse(proof).verify(policy, leaf) instanceof PolicyVerdict.Accepted;
    } catch (MalformedNoteException e) {
      return false;
    }
  }

  @Test
  void decodersRefuseWithOneTypeOfFailureOnly() {
    Bytes proof = Bytes.wrap(Vectors.ours("derived-bft/size8-index5.tlog-proof"));
    Bytes policy = Bytes.wrap(Vectors.ours("derived-bft/policy.txt"));
    Bytes note = Bytes.wrap(Vectors.ours("derived-bft/checkpoint.8"));
    fuzz(proof, bytes -> TlogProof.parse(bytes).toString());
    fuzz(note, bytes -> SignedNote.parse(bytes).toString());
    fuzz(Bytes.utf8(TEXT), bytes -> Checkpoint.parse(bytes.toUtf8()).text());
    fuzz(Bytes.utf8(LOG.key().toString()), bytes -> VerifierKey.parse(bytes.toUtf8()).toString());
    fuzz(
        Bytes.utf8(LOG.sign(TEXT).toString()),
        bytes -> NoteSignature.parse("line", bytes.toUtf8()).toString());
    Random random = new Random(SEED);
    for (int i = 0; i < 100_000; i++) {
      Bytes mutated = Bytes.wrap(Mutations.mutate(random, policy.toArray()));
      try {
        TlogPolicy parsed = TlogPolicy.parse(mutated);
        assertEquals(parsed, TlogPolicy.parse(parsed.toString()));
      } catch (MalformedNoteException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("(expected: "));
      }
    }
  }

  /** Whatever is accepted must be written back as it was read. */
  private static void fuzz(Bytes valid, Function<Bytes, String> roundTrip) {
    assertEquals(valid.toUtf8(), roundTrip.apply(valid));
    Random random = new Random(SEED);
    int refused = 0;
    for (int i = 0; i < 100_000; i++) {
      Bytes mutated = Bytes.wrap(Mutations.mutate(random, valid.toArray()));
      try {
        assertEquals(mutated.toUtf8(), roundTrip.apply(mutated));
      } catch (MalformedNoteException e) {
        refused++;
      }
    }
    assertTrue(refused > 10_000, refused + " refused");
  }

  @Test
  void bindsACosignatureToTimeTextAndKey() {
    Cosignature cosignature = Cosignature.sign(replica(0).privateKey(), 77, TEXT);
    assertTrue(cosignature.verify(replica(0).key().publicKey(), TEXT));
    assertFalse(cosignature.verify(replica(1).key().publicKey(), TEXT));
    assertFalse(cosignature.verify(replica(0).key().publicKey(), TEXT + "x\n"));
    Cosignature later = new Cosignature(78, cosignature.signature());
    assertFalse(later.verify(replica(0).key().publicKey(), TEXT));
    NoteSignature line = cosignature.line(replica(0).key());
    assertEquals(cosignature, Cosignature.parse(line.blob()).orElseThrow());
    byte[] negative = line.blob().toArray();
    negative[0] = (byte) 0x80;
    assertTrue(Cosignature.parse(Bytes.wrap(negative)).isEmpty());
    assertTrue(Cosignature.parse(line.blob().slice(1, 72)).isEmpty());
    assertThrows(
        MalformedNoteException.class, () -> Cosignature.sign(replica(0).privateKey(), -1, TEXT));
    assertThrows(IllegalArgumentException.class, () -> cosignature.line(LOG.key()));
    assertThrows(
        IllegalArgumentException.class, () -> new NoteSigner(LOG.key(), replica(0).privateKey()));
  }

  @Test
  void knowsTheKeyIdOfAnMlDsaKey() {
    byte[] blob = new byte[1313];
    blob[0] = VerifierKey.ML_DSA_44;
    String base64 = NoteText.base64(Bytes.wrap(blob));
    int keyId = (int) (Digest.sha256(Bytes.utf8("w\n").toArray(), blob).prefix() >>> 32);
    String vkey = "w+" + String.format("%08x", keyId) + "+" + base64;
    VerifierKey key = VerifierKey.parse(vkey);
    assertFalse(key.isVerifiable());
    assertEquals(vkey, key.toString());
    assertThrows(
        MalformedNoteException.class,
        () -> VerifierKey.parse("w+" + String.format("%08x", keyId + 1) + "+" + base64));
    assertThrows(IllegalStateException.class, key::publicKey);
    NoteSignature line = new NoteSignature("w", keyId, Bytes.utf8("anything"));
    SignedNote note = new SignedNote(TEXT, List.of(line));
    assertInstanceOf(NoteVerdict.Refused.class, note.verify(Collections.singleton(key)));
    assertEquals(Rfc6962.EMPTY_ROOT, Checkpoint.of("o", 0, Rfc6962.EMPTY_ROOT).root());
  }
}
