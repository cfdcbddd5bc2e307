package io.tallystick.ledger.cli;

import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.note.MalformedNoteException;
import io.tallystick.crypto.note.TlogPolicy;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerTime;
import io.tallystick.ledger.receipt.MalformedReceiptException;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.receipt.ReceiptVerdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Verifies one receipt offline, from a trust policy and nothing else, and says what it proves. */
final class ReceiptCheck {
  private ReceiptCheck() {}

  /** Prints the verdict, and answers the exit status. */
  static int run(Path file, Bytes policy, boolean json, PrintWriter out) throws IOException {
    TlogPolicy trust;
    try {
      trust = TlogPolicy.parse(policy);
    } catch (MalformedNoteException e) {
      throw new CommandException(ExitStatus.USAGE, "--policy: " + e.getMessage(), e);
    }
    if (Files.size(file) > Receipt.BYTES_MAX) {
      return refused(
          file + ": over " + Receipt.BYTES_MAX + " bytes (expected: a receipt)", json, out);
    }
    try {
      Receipt receipt = Receipt.parse(Bytes.wrap(Files.readAllBytes(file)));
      return switch (receipt.check(trust)) {
        case ReceiptVerdict.Refused(String why) -> refused(why, json, out);
        case ReceiptVerdict.Holds holds -> holds(receipt, holds, json, out);
      };
    } catch (MalformedReceiptException e) {
      return refused(String.valueOf(e.getMessage()), json, out);
    }
  }

  private static int refused(String why, boolean json, PrintWriter out) {
    if (json) {
      out.println(new JsonObject().put("holds", false).put("what", why));
    } else {
      out.println("NOT verified");
      out.println(why);
    }
    return ExitStatus.NOT_VERIFIED;
  }

  private static int holds(
      Receipt receipt, ReceiptVerdict.Holds holds, boolean json, PrintWriter out) {
    Envelope entry = receipt.entry();
    JsonObject proved =
        new JsonObject()
            .put("holds", true)
            .put("origin", receipt.proof().checkpoint().origin())
            .put("index", Long.toString(receipt.index()))
            .put("stream", entry.stream())
            .put("stream_index", Long.toString(entry.streamIndex()))
            .put("principal", entry.principal())
            .put("time", LedgerTime.format(entry.timeMicros()))
            .put("size", Long.toString(holds.size()))
            .put("head_time", Instant.ofEpochSecond(holds.timeSeconds()).toString());
    if (json) {
      out.println(proved);
    } else {
      out.println("verified");
      out.println();
      proved.members().forEach((name, value) -> out.printf("%-14s%s%n", name, value));
    }
    return ExitStatus.DONE;
  }
}
