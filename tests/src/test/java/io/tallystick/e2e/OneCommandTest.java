package io.tallystick.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigstore.rekor.client.Checkpoints;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.rekor.client.RekorVerificationException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The main job: events go through four replicas into the ledger while a backup dies and comes back,
 * come out as receipts and as an export, and verify without the cluster.
 */
class OneCommandTest {
  private static final Duration CAUGHT_UP = Duration.ofSeconds(10);
  private static final String STREAM = "cloudtrail";

  @RegisterExtension static final Processes PROCESSES = new Processes();

  private static Cluster cluster;
  private static List<String> lines;
  private static Path export;
  private static String genesisHash;
  private static Running append;

  @BeforeAll
  static void appendsWhileABackupDies() throws Exception {
    Path events = Events.file(PROCESSES.home());
    lines = Files.readString(events).lines().filter(line -> !line.isBlank()).toList();
    // To sigstore-java a log's name is a host
    cluster = PROCESSES.init("ledger", "--origin", "e2e.ledger.example").start();
    genesisHash = cluster.genesisHash();

    append = cluster.begin("append", "--stream", STREAM);
    Http http = cluster.http();
    // Half of it is there, the other half isn't given yet: it is in the middle that a backup dies
    int half = lines.size() / 2;
    try (Writer input = append.process().outputWriter(StandardCharsets.UTF_8)) {
      feed(input, lines.subList(0, half));
      Await.until(
          "the first entries to be committed",
          Duration.ofSeconds(30),
          () -> checkpointSize(http) > 1);
      cluster.kill("replica-3");
      feed(input, lines.subList(half, lines.size()));
    }
    int status = append.exit(Duration.ofSeconds(90));
    assertEquals(0, status, append::report);

    Running restarted = cluster.startReplica(3);
    cluster.awaitCaughtUp(3, CAUGHT_UP);
    assertTrue(restarted.process().isAlive());

    export = PROCESSES.home().resolve("export");
    cluster.tally("export", "--out", export.toString()).expect(0, Cluster.COMMAND);
  }

  private static void feed(Writer input, List<String> some) throws IOException {
    for (String line : some) {
      input.write(line + "\n");
    }
    input.flush();
  }

  private static long checkpointSize(Http http) throws IOException, InterruptedException {
    return Long.parseLong(http.get("/checkpoint").expect(200).text().split("\n")[1]);
  }

  @Test
  @DisplayName("S7 S27 no append fails when a backup is killed in the middle, and it catches up")
  void commitsEverythingWhileABackupDies() throws Exception {
    String summary = lines.size() + " committed, 0 rejected, 0 unknown in ";
    assertTrue(append.lastLine().startsWith(summary), append.lastLine());
    assertTrue(append.lastLine().matches(".* in [0-9]+\\.[0-9] s"), append.lastLine());
    assertEquals(0, cluster.metrics(3).sum("bft_invariant_violations_total"));
    // Its last word before the kill and its first after it must not differ
    for (int id = 0; id < 4; id++) {
      assertEquals(0, cluster.metrics(id).sum("bft_equivocations_total"), "replica " + id);
    }
  }

  @Test
  void exportsExactlyTheLayoutOfTheFormatsPage() throws IOException {
    String checkpoint = Files.readString(export.resolve("checkpoint"));
    long size = Long.parseLong(checkpoint.split("\n")[1]);
    assertEquals(1 + lines.size(), size);
    assertEquals(ExportLayout.files(size), ExportLayout.found(export));
    assertEquals(
        Files.readString(cluster.at("genesis.json")),
        Files.readString(export.resolve("genesis.json")));
    assertEquals(
        Files.readString(cluster.at("policy")), Files.readString(export.resolve("policy")));
    long signatures = checkpoint.lines().filter(line -> line.startsWith("— ")).count();
    assertTrue(signatures >= 4 && signatures <= 5, checkpoint);
  }

  @Test
  void keepsEachPayloadVerbatimAndInOrder() throws IOException {
    String rows = Files.readString(export.resolve("payloads/000"));
    List<String> first = rows.lines().toList();
    assertEquals(256, first.size());
    for (int i = 1; i < first.size(); i++) {
      JsonNode row = Http.parse(first.get(i));
      byte[] payload = Base64.getDecoder().decode(row.path("payload").asText());
      assertEquals(Integer.toString(i), row.path("index").asText());
      assertEquals(lines.get(i - 1), new String(payload, StandardCharsets.UTF_8));
    }
  }

  @Test
  @DisplayName("S69 an export verifies offline with only its genesis hash")
  void verifiesThePinnedExport() throws Exception {
    Running verify = verify("--genesis", genesisHash).expect(0, Cluster.COMMAND);
    assertTrue(verify.out().contains(genesisHash), verify::report);
    assertTrue(verify.out().contains(Integer.toString(1 + lines.size())), verify::report);
  }

  @Test
  void saysFirstAndLastThatNothingWasPinned() throws Exception {
    Running verify = verify().expect(0, Cluster.COMMAND);
    String expected = "consistent in itself; genesis " + genesisHash + " NOT pinned";
    assertEquals(expected, verify.out().lines().findFirst().orElse(""), verify::report);
    assertEquals(expected, verify.lastLine(), verify::report);
    Running json = verify("--json").expect(0, Cluster.COMMAND);
    assertEquals("false", Http.parse(json.out()).path("pinned").toString());
  }

  @Test
  void refusesAnExportOfAnotherLedger() throws Exception {
    String other = "00" + genesisHash.substring(2);
    String pin = other.equals(genesisHash) ? "01" + genesisHash.substring(2) : other;
    Running verify = verify("--genesis", pin).expect(4, Cluster.COMMAND);
    assertTrue(verify.report().contains("genesis"), verify::report);
  }

  @Test
  @DisplayName("S52 a changed bit anywhere in an export is found, and the report says where")
  void findsAChangedBit() throws Exception {
    Random random = new Random(4);
    for (String file : Stream.of("tile/entries/000", "payloads/001", "tile/0/000").toList()) {
      Path path = export.resolve(file);
      byte[] right = Files.readAllBytes(path);
      byte[] wrong = right.clone();
      wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(path, wrong);
      Running verify = verify("--genesis", genesisHash);
      Files.write(path, right);
      verify.expect(4, Cluster.COMMAND);
      assertTrue(verify.report().contains(file), verify::report);
    }
    verify("--genesis", genesisHash).expect(0, Cluster.COMMAND);
  }

  private static Running verify(String... options) throws Exception {
    String[] arguments =
        Stream.concat(Stream.of("verify", export.toString()), Stream.of(options))
            .toArray(String[]::new);
    return PROCESSES.run(Cluster.COMMAND, arguments);
  }

  @Test
  void answersARepeatedAppendWithTheSameEntry() throws Exception {
    Http http = cluster.http();
    String payload = "{\"repeated\":true}";
    Http.Reply first = http.append("repeats", payload, "one-command-1").expect(201);
    Http.Reply second = http.append("repeats", payload, "one-command-1").expect(200);
    assertEquals(first.text("index"), second.text("index"));
    assertEquals(first.text("envelope"), second.text("envelope"));
    assertEquals("/v1/entries/" + first.text("index"), first.header("Location"));
  }

  @Test
  void showsOneEntryWithItsProofChecked() throws Exception {
    Running get = cluster.tally("get", "--genesis", genesisHash, "1").expect(0, Cluster.COMMAND);
    assertTrue(get.out().contains(STREAM), get::report);
    assertTrue(get.out().contains("holds"), get::report);
    Running none = cluster.tally("get", "123456789");
    assertEquals(1, none.exit(Duration.ZERO), none::report);
    assertTrue(none.err().contains("123456789"), none::report);
  }

  @Test
  void showsHowTheReplicasStand() throws Exception {
    JsonNode status =
        Http.parse(cluster.tally("status", "--json").expect(0, Cluster.COMMAND).out());
    assertEquals(4, status.path("replicas").size());
    assertEquals("0", status.path("view").asText());
    assertEquals("0", status.path("epoch").asText());
    for (JsonNode replica : status.path("replicas")) {
      assertTrue(replica.path("reachable").asBoolean(), status::toString);
      assertTrue(replica.path("size").asLong() > lines.size(), status::toString);
    }
    String text = cluster.tally("status").expect(0, Cluster.COMMAND).out();
    assertTrue(text.contains("primary") && text.contains("backup"), text);
  }

  @Test
  @DisplayName("S69 a verifier that isn't ours accepts log line and inclusion")
  void isAcceptedByAVerifierThatIsNotOurs() throws Exception {
    ForeignVerifier foreign = foreign();
    Http http = cluster.http();
    for (int index : List.of(0, 1, 255, 256, lines.size())) {
      String envelope = http.get("/v1/entries/" + index).expect(200).text("envelope");
      foreign.verify(envelope, http.get("/v1/entries/" + index + "/proof").expect(200).text());
    }
    Http.Reply receipt = http.append(STREAM, "{\"foreign\":1}").expect(201);
    foreign.verify(receipt.text("envelope"), receipt.text("proof"));
    RekorEntry.Checkpoint head = Checkpoints.from(Files.readString(export.resolve("checkpoint")));
    assertEquals("e2e.ledger.example", head.getOrigin());
    assertEquals(1 + lines.size(), head.getSize());
  }

  @Test
  void isRefusedByAVerifierThatIsNotOursWhenAByteDiffers() throws Exception {
    ForeignVerifier foreign = foreign();
    Http http = cluster.http();
    String envelope = http.get("/v1/entries/1").expect(200).text("envelope");
    String proof = http.get("/v1/entries/1/proof").expect(200).text();
    assertThrows(
        RekorVerificationException.class,
        () -> foreign.verify(envelope.replace(STREAM, "cloudtrai1"), proof));
    String other = http.get("/v1/entries/2/proof").expect(200).text();
    assertThrows(RekorVerificationException.class, () -> foreign.verify(envelope, other));
  }

  private static ForeignVerifier foreign() throws Exception {
    String policy = Files.readString(cluster.at("policy"));
    String log = policy.lines().filter(line -> line.startsWith("log ")).findFirst().orElseThrow();
    return ForeignVerifier.of(log.substring(4));
  }
}
