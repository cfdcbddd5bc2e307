package io.tallystick.ledger.cli;

import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.verify.ExportVerifier;
import io.tallystick.ledger.verify.Pin;
import io.tallystick.ledger.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tally verify}: checks an export or a receipt, with nothing but that and a pin. */
@Command(
    name = "verify",
    description = {
      "Verifies an export offline: recomputes every hash, checks every signature, numbering and"
          + " time. Or a receipt: its proof, and the signatures on the tree that it leads to."
    },
    footer = {"", "Exit status: 4 if anything is wrong; without a pin 0 when all is consistent."})
final class VerifyCommand extends CommandBase {
  @Mixin private JsonOption json;

  @Option(
      names = "--genesis",
      paramLabel = "HASH",
      description = "The ledger's genesis hash, known from elsewhere: pins whose ledger it is.")
  private String genesisHash;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Or its trust policy, known from elsewhere.")
  private Path policy;

  @Parameters(
      paramLabel = "DIR|RECEIPT",
      description = "An export, or a file with a receipt in JSON, which needs --policy.")
  private Path directory;

  @Override
  public Integer call() throws Exception {
    Pin pin = pin();
    if (Files.isRegularFile(directory)) {
      return receipt(pin);
    }
    if (!Files.isDirectory(directory)) {
      throw misused(
          "DIR: " + directory + ": no such file or directory (expected: an export or a receipt)");
    }
    VerifyReport report;
    try (Progress progress = new Progress(err(), "verifying", "entries", 0)) {
      report = ExportVerifier.verify(directory, pin, progress::at);
    }
    return switch (report) {
      case VerifyReport.Consistent consistent -> {
        show(consistent);
        yield ExitStatus.DONE;
      }
      case VerifyReport.Broken broken -> {
        show(broken);
        yield ExitStatus.NOT_VERIFIED;
      }
    };
  }

  private Pin pin() throws IOException {
    if (genesisHash != null && policy != null) {
      throw misused("--genesis and --policy: expected one of them");
    }
    if (genesisHash != null) {
      if (!genesisHash.matches("[0-9a-fA-F]{64}")) {
        throw misused("--genesis: " + genesisHash + " (expected: 64 hex digits)");
      }
      return new Pin.GenesisHash(Digest.fromHex(genesisHash));
    }
    return policy == null
        ? new Pin.Nothing()
        : new Pin.Policy(Bytes.wrap(Files.readAllBytes(policy)));
  }

  private int receipt(Pin pin) throws IOException {
    if (!(pin instanceof Pin.Policy(Bytes file))) {
      throw misused(
          "RECEIPT: " + directory + ": says nothing of whom to trust (expected: --policy FILE)");
    }
    return ReceiptCheck.run(directory, file, json.enabled, out());
  }

  private void show(VerifyReport.Consistent report) {
    if (json.enabled) {
      out()
          .println(
              new JsonObject()
                  .put("consistent", true)
                  .put("pinned", report.pinned())
                  .put("genesis", report.genesis().toHex())
                  .put("origin", report.origin())
                  .put("size", Long.toString(report.size()))
                  .put("root", report.root().toHex())
                  .put("head_time", Instant.ofEpochSecond(report.headSeconds()).toString())
                  .put("cosigners", report.cosigners())
                  .put("streams", Long.toString(report.streams()))
                  .put("withheld", Long.toString(report.withheld())));
      return;
    }
    String unpinned = "consistent in itself; genesis " + report.genesis().toHex() + " NOT pinned";
    out().println(report.pinned() ? "verified" : unpinned);
    out().println();
    out().println("ledger     " + report.origin());
    out().println("genesis    " + report.genesis().toHex());
    out().println("entries    " + report.size() + " in " + report.streams() + " streams");
    out().println("root       " + report.root().toHex());
    out()
        .println(
            "signed by  the log key and "
                + report.cosigners()
                + " replicas, as of "
                + Instant.ofEpochSecond(report.headSeconds()));
    if (report.withheld() > 0) {
      out().println("withheld   " + report.withheld() + " payloads");
    }
    if (!report.pinned()) {
      out().println();
      out().println(unpinned);
    }
  }

  private void show(VerifyReport.Broken broken) {
    if (json.enabled) {
      JsonObject object =
          new JsonObject()
              .put("consistent", false)
              .put("pinned", genesisHash != null || policy != null)
              .put("what", broken.what())
              .put("file", broken.file());
      broken.entry().ifPresent(entry -> object.put("entry", Long.toString(entry)));
      out().println(object);
    } else {
      out().println("NOT verified");
      out().println(broken.line());
    }
  }
}
