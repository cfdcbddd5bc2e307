package io.tallystick.bft.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.Signature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceFilesTest {
  private static final Pattern STATEMENT =
      Pattern.compile("\\{\"signature\":\"([^\"]+)\",\"signed\":\"([^\"]+)\"}");

  @TempDir Path directory;
  private final Cluster cluster = new Cluster(4, Parameters.defaults());

  private EvidenceFiles files(int max) {
    return new EvidenceFiles(
        directory.resolve("evidence"), cluster.id(), EvidenceFilesTest::noteText, max);
  }

  private static String noteText(TreeHead head) {
    return io.tallystick.crypto.note.Checkpoint.of(Cluster.ORIGIN, head.size(), head.root()).text();
  }

  private Evidence.Votes votes(long seq) {
    Slot slot = new Slot(5, seq);
    Signed<Vote> one = cluster.vote(VotePhase.PREPARE, 2, slot, Batch.NULL);
    Signed<Vote> other = cluster.vote(VotePhase.PREPARE, 2, slot, Cluster.batch(List.of()));
    return new Evidence.Votes(seq, one, other);
  }

  @Test
  @DisplayName("S6 S21 evidence is a file whose statements verify under the culprit's key")
  void writesWhatVerifies() throws IOException {
    files(10).keep(Cluster.replica(2), votes(77));
    String json = Files.readString(directory.resolve("evidence/prepare-r4-0-5-77.json"));
    assertTrue(json.startsWith("{\"kind\":\"prepare\",\"replica\":4,\"statements\":[{"), json);
    assertTrue(json.endsWith("}],\"v\":1}"), json);
    assertEquals(2, verified(json, cluster.identityKey(Cluster.replica(2)).publicKey()));
  }

  @Test
  void writesHeadsUnderTheCosignatureKey() throws IOException {
    Evidence.Heads heads =
        new Evidence.Heads(
            cluster.cosignature(2, new TreeHead(9, Cluster.digest("a")), 17),
            cluster.cosignature(2, new TreeHead(9, Cluster.digest("b")), 18));
    files(10).keep(Cluster.replica(2), heads);
    String json = Files.readString(directory.resolve("evidence/head-r4-0-0-9.json"));
    assertEquals(2, verified(json, cluster.cosignatureKey(Cluster.replica(2)).publicKey()));
  }

  @Test
  void keepsEachOnceAndSoManyAtMost() throws IOException {
    EvidenceFiles files = files(3);
    for (int i = 0; i < 10; i++) {
      files.keep(Cluster.replica(2), votes(1 + i / 2));
    }
    try (Stream<Path> kept = Files.list(directory.resolve("evidence"))) {
      assertEquals(
          List.of("prepare-r4-0-5-1.json", "prepare-r4-0-5-2.json", "prepare-r4-0-5-3.json"),
          kept.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  private static int verified(String json, io.tallystick.crypto.PublicKey key) {
    Base64.Decoder base64 = Base64.getDecoder();
    Matcher statement = STATEMENT.matcher(json);
    int good = 0;
    while (statement.find()) {
      Signature signature = new Signature(Bytes.wrap(base64.decode(statement.group(1))));
      if (Ed25519.verify(key, base64.decode(statement.group(2)), signature)) {
        good++;
      }
    }
    return good;
  }
}
