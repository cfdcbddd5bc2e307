package io.tallystick.bft.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.AskOutcome;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeadlineTest {
  private static final long DEADLINE = ClientWorld.START_MICROS + 20_000_000;
  private static final Outcome ABSENT = Outcome.of(OutcomeKind.ABSENT);
  private static final Outcome EXPIRED = Outcome.of(OutcomeKind.EXPIRED);

  private static ClientWorld silent(int n, int requests) {
    ClientWorld world = new ClientWorld(n).ready();
    Bundle bundle = world.bundle(0, requests, DEADLINE);
    world.submit(bundle);
    world.pass(19_900);
    assertTrue(world.asked.isEmpty());
    world.pass(200);
    world.news();
    return world;
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7})
  @DisplayName("S19 after its deadline a silent request is certainly not, once f+1 say so")
  void resolvesSilenceByItsDeadline(int n) {
    ClientWorld world = silent(n, 1);
    assertEquals(n, world.asked.size());
    long query = world.asked.getLast().query();
    int f = world.membership.f();
    for (int i = 0; i < f; i++) {
      world.answer(i, query, DEADLINE + 1, i % 2 == 0 ? ABSENT : EXPIRED);
    }
    assertEquals(List.of(), world.news());
    world.answer(f, query, DEADLINE + 1, EXPIRED);
    assertEquals(List.of("decided [ABSENT@0]", "ended [ABSENT@0]"), world.news());
  }

  @Test
  @DisplayName("S19 an absence told before the deadline proves nothing")
  void countsAbsenceOnlyPastTheDeadline() {
    ClientWorld world = silent(4, 1);
    long query = world.asked.getLast().query();
    for (int i = 0; i < 4; i++) {
      world.answer(i, query, DEADLINE, ABSENT);
    }
    assertEquals(List.of(), world.news());
    world.pass(400);
    assertEquals(4, world.news().size());
    world.answer(0, query, DEADLINE + 5, ABSENT);
    world.answer(3, query, DEADLINE + 5, ABSENT);
    assertEquals(List.of("decided [ABSENT@0]", "ended [ABSENT@0]"), world.news());
  }

  @Test
  @DisplayName("S19 f liars about an outcome settle nothing")
  void needsFPlus1Alike() {
    ClientWorld world = silent(4, 1);
    long query = world.asked.getLast().query();
    world.answer(0, query, DEADLINE + 1, ABSENT);
    world.answer(0, query, DEADLINE + 1, ABSENT);
    world.answer(1, query, DEADLINE + 1, Outcome.committed(7));
    world.answer(2, query, DEADLINE + 1, Outcome.of(OutcomeKind.PENDING));
    assertEquals(List.of(), world.news());
    world.answer(2, query, DEADLINE + 1, Outcome.committed(7));
    assertEquals(List.of("decided [COMMITTED@7]", "unproven [COMMITTED@7]"), world.news());
  }

  @Test
  void asksForManyRequestsInTurns() {
    ClientWorld world = silent(4, 100);
    assertEquals(4 * 64, world.asked.size());
    List<AskOutcome> first = List.copyOf(world.asked);
    for (AskOutcome ask : first) {
      world.answer(0, ask.query(), DEADLINE + 1, ABSENT);
      world.answer(1, ask.query(), DEADLINE + 1, ABSENT);
    }
    assertEquals(4 * 100, world.asked.size());
    for (AskOutcome ask : List.copyOf(world.asked)) {
      world.answer(0, ask.query(), DEADLINE + 1, ABSENT);
      world.answer(1, ask.query(), DEADLINE + 1, ABSENT);
    }
    assertTrue(world.news().getLast().startsWith("ended [ABSENT@0, ABSENT@0"));
  }

  @Test
  void takesALateReplyInsteadOfAnAnswer() {
    ClientWorld world = silent(4, 1);
    Bundle bundle = world.bundle(0, 1, DEADLINE);
    List<Outcome> committed = List.of(Outcome.committed(41));
    for (int i = 0; i < 3; i++) {
      world.receive(i, ClientWorld.full(i, bundle, 5, committed));
    }
    assertEquals(
        List.of("decided [COMMITTED@41]", "receipt [COMMITTED@41] in 105 by [r0, r1, r2]"),
        world.news());
    world.answer(0, world.asked.getLast().query(), DEADLINE + 1, ABSENT);
    world.pass(100_000);
    assertEquals(List.of(), world.news());
  }

  @Test
  void saysThatNobodyKnowsWhenNobodyCanTellAnyMore() {
    ClientWorld world = silent(4, 1);
    world.pass(59_000);
    assertEquals(1, world.client.inFlight());
    assertTrue(world.news().stream().allMatch(line -> line.endsWith("ask outcome")));
    world.pass(2_000);
    assertEquals("unknown", world.news().getLast());
    assertEquals(0, world.client.inFlight());
  }
}
