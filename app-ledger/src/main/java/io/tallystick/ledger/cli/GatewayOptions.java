package io.tallystick.ledger.cli;

import io.tallystick.config.Token;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the gateway is, and who asks: options that all commands share which talk to one. */
final class GatewayOptions {
  @Option(
      names = "--url",
      defaultValue = "${env:TALLY_URL:-http://127.0.0.1:8080}",
      description = "The gateway; default: $TALLY_URL, else http://127.0.0.1:8080.")
  private String url;

  @Option(
      names = "--token-file",
      defaultValue = "${env:TALLY_TOKEN_FILE}",
      description = "A file with a bearer token; default: $TALLY_TOKEN_FILE.")
  private Path tokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "PEM",
      description = "Certificates to trust for https, instead of the system's.")
  private Path certificates;

  GatewayHttp connect() {
    URI base;
    try {
      base = URI.create(url.endsWith("/") ? url : url + "/");
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitStatus.USAGE, "--url: " + url + " isn't a URL", e);
    }
    if (base.getHost() == null
        || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
      throw new CommandException(
          ExitStatus.USAGE, "--url: " + url + " (expected: like http://127.0.0.1:8080)");
    }
    if (certificates != null) {
      GatewayHttp.trust(certificates);
    }
    return new GatewayHttp(base, token());
  }

  private String token() {
    if (tokenFile == null || tokenFile.toString().isEmpty()) {
      return "";
    }
    try {
      if (Files.size(tokenFile) > Token.TEXT_MAX) {
        throw new CommandException(
            ExitStatus.USAGE, tokenFile + ": over 8192 bytes (expected: a token)");
      }
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new CommandException(ExitStatus.USAGE, "--token-file: " + Failures.reason(e), e);
    }
  }
}
