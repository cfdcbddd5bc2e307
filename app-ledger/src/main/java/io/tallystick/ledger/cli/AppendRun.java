package io.tallystick.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Adds up what became of all batches of one {@code append}. */
public final class AppendRun {
  /** Most rejections that are kept to be shown. */
  static final int SHOWN_MAX = 20;

  private final long startNanos = System.nanoTime();
  private final List<BatchOutcome.Rejection> shown = new ArrayList<>();
  private long committed;
  private long rejected;
  private long unknown;
  private String firstReceipt = "";

  /** Adds a batch. */
  public synchronized void add(BatchOutcome outcome) {
    committed += outcome.receipts().size();
    rejected += outcome.rejections().size();
    unknown += outcome.unknown().size();
    for (BatchOutcome.Rejection rejection : outcome.rejections()) {
      if (shown.size() < SHOWN_MAX) {
        shown.add(rejection);
      }
    }
    for (JsonNode receipt : outcome.receipts()) {
      if (firstReceipt.isEmpty()) {
        firstReceipt = receipt.toString();
      }
    }
  }

  /** Entries that hold a receipt. */
  public synchronized long committed() {
    return committed;
  }

  /** Whether some outcome is unknown: no more is sent then. */
  public synchronized boolean isStuck() {
    return unknown > 0;
  }

  /** One receipt of the run, as JSON; empty when there is none. */
  public synchronized String firstReceipt() {
    return firstReceipt;
  }

  /** The first rejections. */
  public synchronized List<BatchOutcome.Rejection> shown() {
    return List.copyOf(shown);
  }

  /** The exit status that it deserves. */
  public synchronized int status() {
    if (unknown > 0) {
      return ExitStatus.UNKNOWN;
    }
    return rejected > 0 ? ExitStatus.FAILED : ExitStatus.DONE;
  }

  /** One line for a person. */
  public synchronized String summary() {
    return String.format(
        Locale.ROOT,
        "%d committed, %d rejected, %d unknown in %.1f s",
        committed,
        rejected,
        unknown,
        (System.nanoTime() - startNanos) / 1e9);
  }

  /** The same for a machine. */
  public synchronized String json() {
    return String.format(
        Locale.ROOT,
        "{\"committed\":%d,\"millis\":%d,\"rejected\":%d,\"unknown\":%d}",
        committed,
        (System.nanoTime() - startNanos) / 1_000_000,
        rejected,
        unknown);
  }
}
