package io.tallystick.e2e;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.note.TlogPolicy;
import io.tallystick.ledger.receipt.MalformedReceiptException;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.receipt.ReceiptVerdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What callers saw of their appends, and what it must not have been. For any thread. */
final class History {
  private final ConcurrentLinkedQueue<Appended> appended = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();

  /**
   * An append that was acknowledged.
   *
   * @param body unlike every other's
   * @param beginNanos before it was asked for the first time
   * @param endNanos after its receipt came
   */
  record Appended(String body, long beginNanos, long endNanos, long index, String receipt) {}

  /** Notes that an append with this body is about to be asked for. */
  void begin(String body) {
    begun.add(body);
  }

  void add(Appended each) {
    appended.add(each);
  }

  /** How many were acknowledged. */
  int size() {
    return appended.size();
  }

  /** Two appends with one index; and one whose index is below that of one that ended before it. */
  List<String> orderViolations() {
    List<String> found = new ArrayList<>();
    Map<Long, String> bodies = new HashMap<>();
    List<Appended> byBegin = new ArrayList<>(appended);
    byBegin.sort(Comparator.comparingLong(Appended::beginNanos));
    PriorityQueue<Appended> running =
        new PriorityQueue<>(Comparator.comparingLong(Appended::endNanos));
    Appended last = null;
    for (Appended each : byBegin) {
      String other = bodies.put(each.index(), each.body());
      if (other != null) {
        found.add("index " + each.index() + " twice: " + other + ", " + each.body());
      }
      // Of those that ended before this one began, the one with the largest index
      while (!running.isEmpty() && running.peek().endNanos() < each.beginNanos()) {
        Appended ended = running.remove();
        last = last == null || ended.index() > last.index() ? ended : last;
      }
      if (last != null && last.index() > each.index()) {
        found.add(each.body() + " is before " + last.body() + ", which had ended when it began");
      }
      running.add(each);
    }
    return found;
  }

  /** Acknowledged entries that the ledger lacks or holds elsewhere, doubled ones, strangers. */
  List<String> ledgerViolations(List<ExportedEntry> ledger) {
    List<String> found = new ArrayList<>();
    Map<String, Long> indexes = new HashMap<>();
    Set<String> known = new HashSet<>(begun);
    for (ExportedEntry entry : ledger) {
      if (entry.index() > 0) {
        Long other = indexes.put(entry.payload(), entry.index());
        if (other != null) {
          found.add("twice, at " + other + " and " + entry.index() + ": " + entry.payload());
        }
        if (!known.contains(entry.payload())) {
          found.add("nobody appended what is at " + entry.index() + ": " + entry.payload());
        }
      }
    }
    for (Appended each : appended) {
      Long index = indexes.get(each.body());
      if (index == null || index != each.index()) {
        found.add(each.body() + ": acknowledged at " + each.index() + ", found at " + index);
      }
    }
    return found;
  }

  /** Receipts that don't prove the entry that they were given for. */
  List<String> receiptViolations(TlogPolicy policy) {
    List<String> found = new ArrayList<>();
    for (Appended each : appended) {
      try {
        Receipt receipt = Receipt.parse(utf8(each.receipt()));
        if (receipt.check(policy) instanceof ReceiptVerdict.Refused(String why)) {
          found.add(each.body() + ": its receipt is refused: " + why);
        } else if (receipt.index() != each.index() || !receipt.isOf(utf8(each.body()))) {
          found.add(each.body() + ": its receipt is another's");
        }
      } catch (MalformedReceiptException e) {
        found.add(each.body() + ": its receipt is malformed: " + e.getMessage());
      }
    }
    return found;
  }

  private static Bytes utf8(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
