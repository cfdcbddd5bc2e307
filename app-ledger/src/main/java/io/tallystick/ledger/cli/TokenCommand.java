package io.tallystick.ledger.cli;

import io.tallystick.config.GatewayConfig;
import io.tallystick.config.NamePattern;
import io.tallystick.config.NodeConfig;
import io.tallystick.config.NodeKeys;
import io.tallystick.config.Token;
import io.tallystick.config.Token.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tally token}: makes a bearer token for a gateway's caller. */
@Command(
    name = "token",
    description = {
      "Makes a bearer token for a caller of a gateway. Who holds it may do what it says until it"
          + " expires."
    })
final class TokenCommand extends CommandBase {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE|DIR",
      description = "The gateway's node.yaml, or a directory of 'init' or 'dev'.")
  private Path config;

  @Option(
      names = "--principal",
      required = true,
      description = "The name that the caller's entries will bear.")
  private String principal;

  @Option(
      names = "--scope",
      split = ",",
      defaultValue = "append,read",
      description = "append, read, orders; default: append,read.")
  private List<String> scopes;

  @Option(
      names = "--stream",
      split = ",",
      defaultValue = "*",
      description = "Streams it holds for: names, prefix*, or * (default).")
  private List<String> streams;

  @Option(
      names = "--valid",
      paramLabel = "DURATION",
      defaultValue = "P30D",
      description = "How long: P30D (default), PT12H, … (ISO 8601).")
  private String valid;

  @Option(names = "--out", paramLabel = "FILE", description = "A new file, mode 0600.")
  private Path file;

  @Override
  public Integer call() throws Exception {
    Path node = Files.isDirectory(config) ? config.resolve("gateway/node.yaml") : config;
    GatewayConfig gateway = NodeConfig.read(node, GatewayConfig.class);
    String token = Token.issue(NodeKeys.read(gateway).token(), claims());
    if (file == null) {
      out().println(token);
    } else {
      NewKeys.secret(file, token + "\n");
    }
    return ExitStatus.DONE;
  }

  private Token.Claims claims() {
    try {
      Set<Scope> set = EnumSet.noneOf(Scope.class);
      for (String scope : scopes) {
        set.add(Scope.parse(scope));
      }
      Duration life = Duration.parse(valid);
      if (life.isNegative() || life.isZero()) {
        throw misused("--valid: " + valid + " (expected: more than nothing)");
      }
      return new Token.Claims(
          principal,
          set,
          streams.stream().map(NamePattern::new).toList(),
          ClusterInit.micros(Instant.now().plus(life)));
    } catch (DateTimeException | ArithmeticException e) {
      throw misused("--valid: " + valid + " (expected: a duration like P30D or PT12H)");
    } catch (IllegalArgumentException e) {
      throw misused(String.valueOf(e.getMessage()));
    }
  }
}
