package io.tallystick.ledger.gateway;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.tallystick.ledger.entry.LedgerTime;
import io.tallystick.ledger.entry.MalformedEntryException;

/** Reads numbers and times of paths and queries; each refusal says what would be right. */
final class Parameters {
  private Parameters() {}

  /** A number of the query. */
  static long number(ServiceRequestContext ctx, String name, long absent, long min, long max) {
    String text = ctx.queryParam(name);
    if (text == null) {
      return absent;
    }
    long value = decimal(text);
    if (value < min || value > max) {
      throw bad(name, text, min + " to " + max);
    }
    return value;
  }

  /** A time of the query, in microseconds since 1970. */
  static long time(ServiceRequestContext ctx, String name, long absent) {
    String text = ctx.queryParam(name);
    if (text == null) {
      return absent;
    }
    try {
      return LedgerTime.parse(text);
    } catch (MalformedEntryException e) {
      throw bad(name, text, "a time like 2026-11-23T08:12:00.123456Z");
    }
  }

  /** A decimal number without sign and leading zeros, or −1 when the text isn't one. */
  static long decimal(String text) {
    boolean shaped = text.length() <= 18 && text.matches("0|[1-9][0-9]*");
    return shaped ? Long.parseLong(text) : -1;
  }

  private static ProblemException bad(String name, String text, String expected) {
    String shown = text.length() <= 64 ? text : text.substring(0, 64) + "…";
    return Problem.of(
            Problem.Kind.BAD_PARAMETER, name + ": \"" + shown + "\" (expected: " + expected + ")")
        .exception();
  }
}
