package io.tallystick.ledger.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutcomeTableTest {
  private record Known(long index, long expires) {}

  @Test
  void agreesWithAMapUnderExpiryReuseAndDropping() {
    OutcomeTable table = new OutcomeTable(0);
    Map<Long, Known> naive = new HashMap<>();
    Random random = new Random(5);
    long time = 0;
    long made = 0;
    for (int round = 0; round < 400; round++) {
      time += random.nextInt(40);
      table.expire(time);
      int some = random.nextInt(200);
      for (int i = 0; i < some; i++) {
        long id = random.nextInt(6_000);
        Known known = naive.get(id);
        if (known == null || known.expires < time) {
          naive.put(id, new Known(made, time + 500));
          table.append(
              new OutcomeRecord(
                      "p" + id % 3, TestLedger.id(id), OutcomeKind.COMMITTED, made, time + 500)
                  .leaf());
          made++;
        }
      }
      table.dropExpired();
      long now = time;
      long live = naive.values().stream().filter(known -> known.expires >= now).count();
      assertEquals(live, table.live());
      assertEquals(made, table.size());
      assertEquals(0, table.firstKept() % OutcomeSegment.RECORDS);
      for (int i = 0; i < 50; i++) {
        long id = random.nextInt(6_000);
        Known known = naive.get(id);
        Optional<Outcome> expected =
            known == null || known.expires < now
                ? Optional.empty()
                : Optional.of(Outcome.committed(known.index));
        assertEquals(expected, table.find("p" + id % 3, TestLedger.id(id), now));
        assertEquals(Optional.empty(), table.find("q", TestLedger.id(id), now));
      }
    }
    assertEquals(true, table.firstKept() > 0);
  }
}
