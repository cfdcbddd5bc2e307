package io.tallystick.ledger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.crypto.note.TlogProof;
import io.tallystick.ledger.fixture.SampleLedger;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.store.StoredPayload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks a gateway that tells the truth, or what a test makes of it. */
class GetCommandTest {
  private static final long INDEX = 5;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private volatile UnaryOperator<JsonObject> lie = UnaryOperator.identity();
  private SampleLedger ledger;
  private HttpServer server;

  @TempDir Path dir;

  @BeforeEach
  void start() throws IOException {
    ledger = SampleLedger.create(dir.resolve("ledger"), 4).append(10);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.stop(0);
    ledger.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Bytes body =
        path.equals("/genesis.json") ? ledger.genesis().bytes() : Bytes.utf8(entry().toString());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.size());
    exchange.getResponseBody().write(body.unsafeArray());
    exchange.close();
  }

  private JsonObject entry() throws IOException {
    if (!(ledger.store().payload(INDEX) instanceof StoredPayload.Present(var salt, var content))) {
      throw new IOException("no payload");
    }
    TlogProof proof =
        TlogProof.of(
            InclusionProof.build(ledger.store(), INDEX, ledger.store().size()),
            ledger.note(ledger.head()));
    JsonObject json = new Receipt(0, ledger.store().envelope(INDEX), salt, proof).json();
    return lie.apply(json.put("payload", base64(content)));
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.unsafeArray());
  }

  private int get(String... options) {
    String[] args = new String[options.length + 4];
    args[0] = "get";
    args[1] = "--url";
    args[2] = "http://127.0.0.1:" + server.getAddress().getPort();
    System.arraycopy(options, 0, args, 3, options.length);
    args[args.length - 1] = Long.toString(INDEX);
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Tally.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void showsAnEntryWhoseProofHolds() {
    assertEquals(0, get("--genesis", ledger.genesis().hash().toHex()), err::toString);
    assertTrue(out.toString().contains("content of 5 ✓"), out::toString);
    assertTrue(out.toString().contains("that a quorum signed\n"), out::toString);
  }

  @Test
  void takesAPolicyForAPin() throws IOException {
    Path policy = dir.resolve("policy");
    Files.writeString(policy, ledger.genesis().policy());
    assertEquals(0, get("--policy", policy.toString()), err::toString);
  }

  @Test
  void saysThatNothingWasPinned() {
    assertEquals(0, get(), err::toString);
    assertTrue(out.toString().contains("the gateway's word"), out::toString);
  }

  @Test
  void printsTheEntryAsJson() {
    assertEquals(0, get("--json"), err::toString);
    assertTrue(out.toString().startsWith("{\"envelope\":"), out::toString);
  }

  @Test
  @DisplayName(
      "S69 a gateway that shows another payload, another ledger or another proof is caught")
  void refusesWhatTheGatewayMadeUp() throws IOException {
    String genesis = ledger.genesis().hash().toHex();
    lie = json -> json.put("payload", base64(Bytes.utf8("another")));
    assertEquals(4, get("--genesis", genesis));
    assertTrue(err.toString().contains("isn't the one that the envelope commits to"));
    lie = json -> json.put("index", "6");
    assertEquals(4, get("--genesis", genesis));
    lie = json -> json.put("stream", "other");
    assertEquals(4, get("--genesis", genesis));
    lie = UnaryOperator.identity();
    assertEquals(4, get("--genesis", "0".repeat(64)));
    assertTrue(err.toString().contains("(expected: " + "0".repeat(64) + ")"), err::toString);
    try (SampleLedger other = SampleLedger.stranger(dir.resolve("other"), 4)) {
      Path policy = dir.resolve("policy");
      Files.writeString(policy, other.genesis().policy());
      assertEquals(4, get("--policy", policy.toString()));
    }
  }

  @Test
  void refusesAnAnswerThatIsNoEntry() {
    lie = json -> json.put("payload", "!");
    assertEquals(1, get());
    assertEquals(2, get("--genesis", "12"));
  }
}
