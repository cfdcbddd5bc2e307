package io.tallystick.bft.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.engine.Event;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private static Event event(long number) {
    return new Event.Durable(number);
  }

  @Test
  @DisplayName("S7 who floods fills his own lane only, and lanes take turns")
  void keepsLanesApart() {
    EventQueue queue = new EventQueue(2, 3, 1_000);
    for (int i = 0; i < 3; i++) {
      assertTrue(queue.offer(0, event(i), 1));
    }
    assertFalse(queue.offer(0, event(3), 1));
    assertTrue(queue.offer(1, event(10), 1));
    queue.own(event(20));
    assertEquals(4, queue.depth());
    for (long expected : new long[] {20, 0, 10, 1, 2}) {
      assertEquals(event(expected), queue.poll(0));
    }
    assertNull(queue.poll(0));
  }

  @Test
  void boundsALaneInBytesButTakesOneLargeEvent() {
    EventQueue queue = new EventQueue(1, 100, 1_000);
    assertTrue(queue.offer(0, event(1), 5_000));
    assertFalse(queue.offer(0, event(2), 1));
    assertEquals(event(1), queue.poll(0));
    assertTrue(queue.offer(0, event(3), 600));
    assertFalse(queue.offer(0, event(4), 600));
  }

  @Test
  void takesNothingOnceClosed() {
    EventQueue queue = new EventQueue(1, 100, 1_000);
    queue.close();
    assertFalse(queue.offer(0, event(1), 1));
    queue.own(event(2));
    assertNull(queue.poll(Long.MAX_VALUE));
  }
}
