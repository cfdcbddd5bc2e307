package io.tallystick.crypto.note;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.Vectors;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.crypto.merkle.MerkleTree;
import io.tallystick.crypto.merkle.Rfc6962;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NoteVectorsTest {
  @Test
  void parsesVerifierKeysAndRefusesBrokenOnes() {
    for (JsonNode row : Vectors.json("vkeys.json")) {
      String vkey = row.get("vkey").asText();
      if (row.get("valid").asBoolean()) {
        assertEquals(vkey, VerifierKey.parse(vkey).toString());
      } else {
        assertThrows(MalformedNoteException.class, () -> VerifierKey.parse(vkey), vkey);
      }
    }
  }

  @Test
  void judgesEveryLineOfEveryNote() {
    int judged = 0;
    for (JsonNode row : Vectors.json("notes.json")) {
      String name = row.get("name").asText();
      for (int i = 0; i < row.get("vkeys").size(); i++) {
        VerifierKey key = VerifierKey.parse(row.at("/vkeys/" + i).asText());
        assertEquals(row.at("/expect/" + i).asBoolean(), verifies(row, key), name + " " + i);
        judged++;
      }
    }
    assertTrue(judged > 60, judged + " judged");
  }

  private static boolean verifies(JsonNode row, VerifierKey key) {
    try {
      SignedNote note = SignedNote.parse(row.get("note").asText());
      assertEquals(row.get("note").asText(), note.toString());
      boolean verified = note.verify(List.of(key)) instanceof NoteVerdict.Verified;
      boolean line = note.signatures().stream().anyMatch(s -> key.verify(note.text(), s));
      assertEquals(line, verified);
      return verified;
    } catch (MalformedNoteException e) {
      // One vector's bad signature isn't canonical base64 either
      return false;
    }
  }

  @Test
  void signsTheWorkedExampleByteForByte() {
    JsonNode intermediate = Vectors.json("derived-bft/intermediate-size8.json");
    JsonNode keys = Vectors.json("derived-bft/keys.json");
    String origin = keys.get("origin").asText();
    NoteSigner log = NoteSigner.log(origin, key(0x10));
    assertEquals(keys.at("/log/vkey").asText(), log.key().toString());
    MerkleTree tree = referenceTree();
    for (int size = 0; size <= 8; size++) {
      SignedNote want =
          SignedNote.parse(Bytes.wrap(Vectors.ours("derived-bft/checkpoint." + size)));
      Checkpoint checkpoint = Checkpoint.of(origin, size, tree.root(size));
      assertEquals(want.text(), checkpoint.text());
      assertEquals(checkpoint, Checkpoint.parse(want.text()));
      List<NoteSignature> lines = new ArrayList<>();
      lines.add(log.sign(checkpoint.text()));
      for (int i = 0; i < 4; i++) {
        JsonNode replica = keys.at("/replicas/" + i);
        NoteSigner signer = NoteSigner.cosigner(replica.get("name").asText(), key(0x20 + i));
        assertEquals(replica.get("vkey").asText(), signer.key().toString());
        lines.add(signer.cosign(checkpoint.text(), 1_700_000_000L + size * 60L + i));
      }
      assertEquals(want.toString(), new SignedNote(checkpoint.text(), lines).toString());
    }
    String text = Checkpoint.of(origin, 8, tree.root()).text();
    assertEquals(intermediate.get("note_text_hex").asText(), Bytes.utf8(text).toHex());
    assertArrayEquals(
        HexFormat.of().parseHex(intermediate.get("signed_message_cosig_v1_replica0_hex").asText()),
        Cosignature.message(1_700_000_480L, text));
  }

  @Test
  @DisplayName("S69 a receipt's proof verifies offline with the policy alone")
  void verifiesEveryProofAgainstThePolicy() {
    TlogPolicy policy = TlogPolicy.parse(Bytes.wrap(Vectors.ours("derived-bft/policy.txt")));
    int checked = 0;
    for (JsonNode row : Vectors.json("tlog-proofs.json")) {
      String file = row.get("file").asText();
      if (!file.startsWith("derived-bft/")) {
        continue;
      }
      String text = Bytes.wrap(Vectors.ours(file)).toUtf8();
      TlogProof proof = TlogProof.parse(text);
      assertEquals(text, proof.toString());
      Digest leaf = Rfc6962.leafHash(Bytes.fromHex(row.get("leaf_data_hex").asText()));
      var accepted =
          assertInstanceOf(PolicyVerdict.Accepted.class, proof.verify(policy, leaf), file);
      assertEquals(5, accepted.lines().size());
      assertEquals(proof.checkpoint(), accepted.checkpoint());
      Digest other = Rfc6962.leafHash(Bytes.utf8("another leaf"));
      var refused = assertInstanceOf(PolicyVerdict.Refused.class, proof.verify(policy, other));
      assertEquals(Refusal.NOT_INCLUDED, refused.reason());
      checked++;
    }
    assertEquals(16, checked);
  }

  @Test
  void writesThePolicyOfTheWorkedExample() {
    String text = Bytes.wrap(Vectors.ours("derived-bft/policy.txt")).toUtf8();
    TlogPolicy parsed = TlogPolicy.parse(text);
    String ours = text.substring(text.indexOf('\n') + 1);
    assertEquals(ours, parsed.toString());
    TreeMap<Integer, VerifierKey> replicas = new TreeMap<>();
    for (int i = 0; i < 4; i++) {
      replicas.put(i, parsed.witnesses().get(i).key());
    }
    TlogPolicy built = TlogPolicy.ofReplicas(parsed.logs().getFirst().key(), replicas, 3);
    assertEquals(ours, built.toString());
    assertEquals(parsed, built);
  }

  @Test
  void verifiesAPublishedProofWithAWitness() throws IOException {
    Path file = Vectors.published().resolve("tlog-proof-oak.tlog-proof");
    JsonNode row = Vectors.json("tlog-proofs.json").get(0);
    TlogProof proof = TlogProof.parse(Bytes.wrap(Files.readAllBytes(file)));
    TlogPolicy policy =
        TlogPolicy.parse(
            "log "
                + row.at("/vkeys/0").asText()
                + "\n"
                + "witness w "
                + row.at("/vkeys/1").asText()
                + "\nquorum w\n");
    Digest leaf = Rfc6962.leafHash(Bytes.fromHex(row.get("leaf_data_hex").asText()));
    assertInstanceOf(PolicyVerdict.Accepted.class, proof.verify(policy, leaf));
    assertFalse(proof.inclusion().verify(Rfc6962.EMPTY_ROOT, proof.checkpoint().root()));
  }

  @Test
  void verifiesThePublishedCheckpointsOfATestLog() throws IOException {
    Path log = Vectors.published().resolve("tessera-testlog");
    String vkey = Files.readAllLines(log.resolve("keys.txt")).get(1);
    for (int size = 0; size <= 15; size++) {
      byte[] bytes = Files.readAllBytes(log.resolve("testdata/log/checkpoint." + size));
      SignedNote note = SignedNote.parse(Bytes.wrap(bytes));
      assertEquals(size, Checkpoint.parse(note.text()).size());
      List<VerifierKey> keys = List.of(VerifierKey.parse(vkey));
      assertInstanceOf(NoteVerdict.Verified.class, note.verify(keys), "size " + size);
    }
  }

  static MerkleTree referenceTree() {
    MerkleTree tree = new MerkleTree();
    for (JsonNode leaf : Vectors.json("merkle-sizes-0-8.json").get("leaves_hex")) {
      tree.append(Rfc6962.leafHash(Bytes.fromHex(leaf.asText())));
    }
    return tree;
  }

  static PrivateKey key(int seedByte) {
    byte[] seed = new byte[PrivateKey.LENGTH];
    Arrays.fill(seed, (byte) seedByte);
    return PrivateKey.ofSeed(seed);
  }

  static TlogProof proof(int index, int size, List<NoteSignature> lines) {
    MerkleTree tree = referenceTree();
    String text = Checkpoint.of("ledger.example.com/audit", size, tree.root(size)).text();
    return TlogProof.of(InclusionProof.build(tree, index, size), new SignedNote(text, lines));
  }
}
