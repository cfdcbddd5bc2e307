package io.tallystick.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What became of the lines of a batch.
 *
 * @param receipts of the committed ones, in order
 * @param rejections of those that didn't take effect, and never will under this key
 * @param unknown of those whose outcome nobody could tell in time
 */
public record BatchOutcome(
    List<JsonNode> receipts, List<Rejection> rejections, List<Long> unknown) {
  /** Copies the lists. */
  public BatchOutcome {
    receipts = List.copyOf(receipts);
    rejections = List.copyOf(rejections);
    unknown = List.copyOf(unknown);
  }

  /** A line that was refused, and why. */
  public record Rejection(String source, long line, String reason) {}
}
