package io.tallystick.ledger.cli;

import io.tallystick.config.CanonicalJson;
import io.tallystick.config.Genesis;
import io.tallystick.config.JsonException;
import io.tallystick.config.JsonObject;
import io.tallystick.config.Rfc3339;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.note.MalformedNoteException;
import io.tallystick.crypto.note.TlogPolicy;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.receipt.MalformedReceiptException;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.receipt.ReceiptVerdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tally get}: one entry, its proof checked here, not taken from the gateway. */
@Command(
    name = "get",
    description = {
      "Shows one entry, and checks its proof: the payload against the envelope, the envelope"
          + " against the tree, the tree against the signatures of a quorum."
    },
    footer = {"", "Exit status: 4 if the proof doesn't hold."})
final class GetCommand extends CommandBase {
  private static final String UNPINNED = "whose genesis is the gateway's word: pin it";

  @Mixin private GatewayOptions gateway;
  @Mixin private JsonOption json;

  @Option(
      names = "--genesis",
      paramLabel = "HASH",
      description = "The ledger's genesis hash, known from elsewhere.")
  private String genesisHash;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Or its trust policy, known from elsewhere.")
  private Path policyFile;

  @Option(names = "--proof", description = "Print the proof alone, as a C2SP tlog-proof.")
  private boolean proofAlone;

  @Parameters(paramLabel = "INDEX", description = "The entry's index in the ledger.")
  private long index;

  @Override
  public Integer call() throws Exception {
    if (index < 0) {
      throw misused("INDEX: " + index + " (expected: >= 0)");
    }
    if (genesisHash != null && !genesisHash.matches("[0-9a-fA-F]{64}")) {
      throw misused("--genesis: " + genesisHash + " (expected: 64 hex digits)");
    }
    try (GatewayHttp http = gateway.connect()) {
      if (proofAlone) {
        out().print(http.fetch("v1/entries/" + index + "/proof").text());
        return ExitStatus.DONE;
      }
      TlogPolicy policy = policy(http);
      GatewayHttp.Answer answer = http.fetch("v1/entries/" + index + "?proof");
      JsonObject entry = CanonicalJson.parse(answer.body(), GatewayHttp.ANSWER_BYTES_MAX);
      return check(entry, policy);
    } catch (JsonException e) {
      throw new CommandException(ExitStatus.FAILED, "the gateway's answer: " + e.getMessage(), e);
    } catch (MalformedReceiptException e) {
      throw new CommandException(
          ExitStatus.NOT_VERIFIED, "entry " + index + ": " + e.getMessage(), e);
    }
  }

  private TlogPolicy policy(GatewayHttp http) throws Exception {
    if (policyFile != null) {
      try {
        return TlogPolicy.parse(Bytes.wrap(Files.readAllBytes(policyFile)));
      } catch (MalformedNoteException e) {
        throw new CommandException(ExitStatus.USAGE, policyFile + ": " + e.getMessage(), e);
      }
    }
    Genesis genesis = Genesis.parse(http.fetch("genesis.json").body());
    if (genesisHash != null && !genesis.hash().toHex().equalsIgnoreCase(genesisHash)) {
      throw new CommandException(
          ExitStatus.NOT_VERIFIED,
          "the gateway's ledger has genesis "
              + genesis.hash()
              + " (expected: "
              + genesisHash
              + ")");
    }
    return genesis.trust();
  }

  private int check(JsonObject entry, TlogPolicy policy) throws JsonException {
    if (!entry.has("salt")) {
      out().println(json.enabled ? entry : "entry " + index + ": its payload was erased");
      return ExitStatus.DONE;
    }
    JsonObject receiptJson = new JsonObject();
    for (String member : entry.members().keySet()) {
      if (!member.equals("payload")) {
        receiptJson.put(member, entry.text(member));
      }
    }
    Receipt receipt = Receipt.of(receiptJson);
    Bytes payload = payload(entry);
    if (receipt.index() != index || !receipt.isOf(payload)) {
      throw new CommandException(
          ExitStatus.NOT_VERIFIED,
          "entry " + index + ": the payload isn't the one that the envelope commits to");
    }
    return switch (receipt.check(policy)) {
      case ReceiptVerdict.Refused(String why) ->
          throw new CommandException(ExitStatus.NOT_VERIFIED, "entry " + index + ": " + why);
      case ReceiptVerdict.Holds holds -> {
        show(entry, receipt, payload, holds);
        yield ExitStatus.DONE;
      }
    };
  }

  private static Bytes payload(JsonObject entry) throws JsonException {
    try {
      return Bytes.wrap(Base64.getDecoder().decode(entry.text("payload")));
    } catch (IllegalArgumentException e) {
      throw entry.unfit("payload", "not base64 (expected: base64 with padding)");
    }
  }

  private void show(JsonObject entry, Receipt receipt, Bytes payload, ReceiptVerdict.Holds holds) {
    if (json.enabled) {
      out().println(entry);
      return;
    }
    Envelope envelope = receipt.entry();
    out().println("entry      " + index);
    out().println("stream     " + envelope.stream() + ", number " + envelope.streamIndex());
    out().println("principal  " + envelope.principal());
    out().println("time       " + Rfc3339.format(envelope.timeMicros()));
    out().println("id         " + envelope.id());
    out().println("type       " + envelope.contentType() + ", " + payload.size() + " bytes");
    out()
        .println(
            "proof      holds: in the tree of "
                + holds.size()
                + " entries that a quorum signed"
                + (genesisHash == null && policyFile == null ? ", " + UNPINNED : ""));
    out().println();
    out().println(printable(payload));
  }

  private static String printable(Bytes payload) {
    String text = payload.toUtf8();
    boolean binary =
        !Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)).equals(payload)
            || text.chars().anyMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c));
    return binary ? "(binary; --json prints it in base64)" : text;
  }
}
