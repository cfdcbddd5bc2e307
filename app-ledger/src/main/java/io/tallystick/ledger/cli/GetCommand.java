package io.tallystick.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.receipt.MalformedReceiptException;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.receipt.ReceiptVerdict;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tally get}: one entry, with its receipt checked here if a genesis file is at hand. */
@Command(
    name = "get",
    description = "Prints one entry; with --proof its receipt, with --genesis-file checked here.",
    footer = {"", "Exit status: 4 if the receipt doesn't hold."})
final class GetCommand extends CommandBase {
  @Mixin private GatewayOptions gateway;

  @Option(names = "--proof", description = "The receipt alone, as JSON.")
  private boolean proof;

  @Option(
      names = "--genesis-file",
      paramLabel = "FILE",
      description = "The ledger's genesis.json: the receipt is checked against its keys.")
  private Path genesisFile;

  @Parameters(paramLabel = "INDEX", description = "Where the entry is in the ledger.")
  private long index;

  @Override
  public Integer call() throws Exception {
    if (index < 0) {
      throw misused("INDEX: " + index + " (expected: >= 0)");
    }
    try (GatewayHttp http = gateway.connect()) {
      JsonNode entry = http.fetch("v1/entries/" + index + "?proof").json();
      JsonNode receipt = entry.path("receipt");
      out().println(proof ? receipt : entry);
      return genesisFile == null ? ExitStatus.DONE : check(receipt);
    }
  }

  private int check(JsonNode json) throws Exception {
    Genesis genesis = Genesis.read(genesisFile);
    try {
      Receipt receipt = Receipt.parse(Bytes.utf8(json.toString()));
      ReceiptVerdict verdict = receipt.check(genesis.trust());
      boolean right = receipt.index() == index && verdict instanceof ReceiptVerdict.Holds;
      err().println(right ? "receipt holds" : "receipt does NOT hold: " + verdict);
      return right ? ExitStatus.DONE : ExitStatus.NOT_VERIFIED;
    } catch (MalformedReceiptException e) {
      err().println("receipt does NOT hold: " + e.getMessage());
      return ExitStatus.NOT_VERIFIED;
    }
  }
}
