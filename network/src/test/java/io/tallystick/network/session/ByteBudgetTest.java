package io.tallystick.network.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Who may hold how much. */
final class ByteBudgetTest {
  @Test
  void whoHoldsLittleIsServedWhileAnotherHoldsAll() {
    ByteBudget budget = new ByteBudget(1_000);
    for (int i = 0; i < 4; i++) {
      budget.join();
    }
    HeldBytes greedy = new HeldBytes(budget);
    HeldBytes modest = new HeldBytes(budget);
    assertTrue(greedy.take(1_000));
    assertFalse(greedy.take(1));
    assertTrue(modest.take(250));
    assertFalse(modest.take(1));
    assertEquals(1_250, budget.held());
    greedy.give(500);
    assertTrue(modest.take(250));
    modest.give(500);
    greedy.give(500);
    assertEquals(0, budget.held());
  }

  @Test
  void togetherTheyNeverHoldMoreThanTwiceTheBudget() {
    ByteBudget budget = new ByteBudget(1_000);
    HeldBytes[] all = new HeldBytes[10];
    for (int i = 0; i < all.length; i++) {
      budget.join();
      all[i] = new HeldBytes(budget);
    }
    for (HeldBytes each : all) {
      while (each.take(7)) {
        assertTrue(budget.held() <= 2_000);
      }
    }
    assertTrue(budget.held() >= 1_000 - 70);
  }
}
