package io.tallystick.ledger.cli;

import java.nio.file.Path;

/**
 * What {@code tally init} alone is to make.
 *
 * @param directory where; must be empty or not exist
 * @param replicas how many
 * @param clients how many direct clients besides the first
 * @param origin the ledger's name; empty: one is drawn
 * @param gatewayPort where the gateway is to listen on loopback; 0: a free port is chosen
 */
public record ClusterPlan(
    Path directory, int replicas, int clients, String origin, int gatewayPort) {
  /** Most direct clients that are made at once. */
  public static final int CLIENTS_MAX = 1_000;

  /** Refuses what can't be. */
  public ClusterPlan {
    if (replicas < 4 || replicas > 13) {
      throw new CommandException(
          ExitStatus.USAGE, "replicas: " + replicas + " (expected: 4 to 13)");
    }
    if (clients < 0 || clients > CLIENTS_MAX) {
      throw new CommandException(
          ExitStatus.USAGE, "clients: " + clients + " (expected: 0 to " + CLIENTS_MAX + ")");
    }
    if (gatewayPort < 0 || gatewayPort > 65_535) {
      throw new CommandException(
          ExitStatus.USAGE, "port: " + gatewayPort + " (expected: 1 to 65535)");
    }
  }
}
