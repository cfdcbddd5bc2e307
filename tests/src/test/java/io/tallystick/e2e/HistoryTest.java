package io.tallystick.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the check of callers' histories finds what it is for. */
class HistoryTest {
  private final History history = new History();

  @Test
  void acceptsAppendsThatOverlapInAnyOrder() throws Exception {
    add("a", 0, 10, 2);
    add("b", 5, 15, 1);
    add("c", 16, 20, 3);
    assertEquals(List.of(), history.orderViolations());
    assertEquals(List.of(), history.ledgerViolations(ledger("b", "a", "c")));
  }

  @Test
  void findsAnAppendThatIsBeforeOneThatHadEnded() {
    add("a", 0, 10, 5);
    add("long", 1, 100, 4);
    add("b", 11, 20, 3);
    assertEquals(
        List.of("b is before a, which had ended when it began"), history.orderViolations());
  }

  @Test
  void findsAnIndexThatTwoAppendsGot() {
    add("a", 0, 10, 1);
    add("b", 0, 10, 1);
    assertEquals(List.of("index 1 twice: a, b"), history.orderViolations());
  }

  @Test
  void findsLostMovedDoubledAndForeignEntries() throws Exception {
    add("a", 0, 10, 1);
    add("b", 0, 10, 2);
    add("c", 0, 10, 3);
    List<String> found = history.ledgerViolations(ledger("b", "a", "a", "x"));
    assertTrue(found.contains("twice, at 2 and 3: a"), found::toString);
    assertTrue(found.contains("nobody appended what is at 4: x"), found::toString);
    assertTrue(found.contains("b: acknowledged at 2, found at 1"), found::toString);
    assertTrue(found.contains("c: acknowledged at 3, found at null"), found::toString);
  }

  private void add(String body, long beginNanos, long endNanos, long index) {
    history.begin(body);
    history.add(new History.Appended(body, beginNanos, endNanos, index, "{}"));
  }

  private static List<ExportedEntry> ledger(String... payloads) throws IOException {
    List<ExportedEntry> entries = new java.util.ArrayList<>();
    entries.add(new ExportedEntry(0, Http.parse("{}"), ""));
    for (int i = 0; i < payloads.length; i++) {
      entries.add(new ExportedEntry(i + 1, Http.parse("{}"), payloads[i]));
    }
    return entries;
  }
}
