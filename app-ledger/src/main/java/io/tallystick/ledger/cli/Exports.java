package io.tallystick.ledger.cli;

import io.tallystick.ledger.export.Exporter;
import io.tallystick.ledger.export.HttpSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** Exports over HTTP, with a progress bar. */
public final class Exports {
  private Exports() {}

  /** Writes the export of a gateway's newest checkpoint into {@code target}, or completes one. */
  public static Exporter.Summary fetch(GatewayHttp gateway, Path target, PrintWriter err)
      throws IOException {
    Optional<String> token =
        gateway.token().isEmpty() ? Optional.empty() : Optional.of(gateway.token());
    try (HttpSource source = new HttpSource(gateway.base(), token);
        Progress progress = new Progress(err, "exporting", "entries", 0)) {
      return Exporter.export(source, target, progress::at);
    }
  }
}
