package io.tallystick.ledger.cli;

import io.tallystick.config.JsonObject;
import io.tallystick.ledger.export.ExportRefusedException;
import io.tallystick.ledger.export.Exporter;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tally export}: the whole ledger, as a directory that anybody can verify. */
@Command(
    name = "export",
    description = {
      "Writes the whole ledger up to the newest checkpoint into a directory that anybody can keep,"
          + " and verify offline. Run again it completes what is there."
    })
final class ExportCommand extends CommandBase {
  @Mixin private GatewayOptions gateway;
  @Mixin private JsonOption json;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "A new or empty directory, or an earlier export of the same ledger.")
  private Path target;

  @Override
  public Integer call() throws Exception {
    Exporter.Summary summary;
    try (GatewayHttp http = gateway.connect()) {
      http.fetch("checkpoint");
      summary = Exports.fetch(http, target, err());
    } catch (ExportRefusedException e) {
      throw new CommandException(ExitStatus.FAILED, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CommandException(
          ExitStatus.FAILED, Failures.reason(e) + " (the same command goes on from there)", e);
    }
    if (json.enabled) {
      out()
          .println(
              new JsonObject()
                  .put("genesis", summary.genesis().toHex())
                  .put("origin", summary.origin())
                  .put("size", Long.toString(summary.size()))
                  .put("root", summary.root().toHex()));
    } else {
      out().println(summary.size() + " entries of " + summary.origin() + " exported to " + target);
      out()
          .println(
              "Verify it anywhere: tally verify " + target + " --genesis " + summary.genesis());
    }
    return ExitStatus.DONE;
  }
}
