package io.tallystick.ledger.read;

import static io.tallystick.ledger.state.TestLedger.ALICE;
import static io.tallystick.ledger.state.TestLedger.TIME;
import static io.tallystick.ledger.state.TestLedger.append;
import static io.tallystick.ledger.state.TestLedger.bundle;
import static io.tallystick.ledger.state.TestLedger.salted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.state.LedgerStateMachine;
import io.tallystick.ledger.state.TestLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendixTest {
  @TempDir Path directory;
  private LedgerStateMachine ledger = unset();

  @SuppressWarnings("NullAway") // JUnit calls open() before any test
  private static LedgerStateMachine unset() {
    return null;
  }

  @BeforeEach
  void open() throws IOException {
    ledger = LedgerStateMachine.open(directory, TestLedger.genesis());
    List<Request> requests = new ArrayList<>();
    for (long id = 0; id < 300; id++) {
      requests.add(request(id));
    }
    run(bundle(ALICE, requests));
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  private static Request request(long id) {
    return append(id, "content " + id, TIME + 1_000);
  }

  private List<Outcome> run(Bundle bundle) throws IOException {
    long seq = ledger.state().seq() + 1;
    return ledger.execute(seq, TIME + seq, List.of(bundle)).outcomes().getFirst();
  }

  private void assertProved(Bundle bundle, List<Outcome> outcomes) throws IOException {
    TreeHead head = ledger.state().head();
    Bytes appendix = ledger.appendix(bundle, outcomes, head);
    List<Optional<ProvedEntry>> proved =
        Appendix.check(bundle, outcomes, head, appendix).orElseThrow();
    assertEquals(outcomes.size(), proved.size());
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i).kind() != OutcomeKind.COMMITTED) {
        assertTrue(proved.get(i).isEmpty());
        continue;
      }
      ProvedEntry entry = proved.get(i).orElseThrow();
      assertEquals(outcomes.get(i).index(), entry.proof().index());
      assertEquals(head.size(), entry.proof().size());
      assertTrue(entry.proof().verify(Envelope.leafHash(entry.leaf()), head.root()));
      assertEquals(bundle.requests().get(i).id(), entry.envelope().id());
      assertEquals(ledger.store().envelope(outcomes.get(i).index()), entry.leaf());
    }
  }

  private Bundle mixed() {
    return bundle(
        ALICE,
        request(300),
        append(301, "late", TIME - 1),
        request(302),
        request(7),
        request(302),
        salted(request(8), 1_234),
        request(303),
        append(7, "other", TIME + 1_000));
  }

  @Test
  void provesAFreshBundleWithOneRange() throws IOException {
    Bundle bundle = bundle(ALICE, request(400), request(401), request(402));
    List<Outcome> outcomes = run(bundle);
    assertProved(bundle, outcomes);
    Bytes appendix = ledger.appendix(bundle, outcomes, ledger.state().head());
    assertTrue(appendix.size() < 3 * 420 + 9 * 32, "bytes: " + appendix.size());
  }

  @Test
  @DisplayName("S69 fresh, repeated, re-salted and refused requests of one bundle, each proved")
  void provesAMixedBundle() throws IOException {
    Bundle bundle = mixed();
    List<Outcome> outcomes = run(bundle);
    assertEquals(
        List.of(
            Outcome.committed(301),
            Outcome.of(OutcomeKind.EXPIRED),
            Outcome.committed(302),
            Outcome.committed(8),
            Outcome.committed(302),
            Outcome.committed(9),
            Outcome.committed(303),
            Outcome.of(OutcomeKind.ID_REUSED)),
        outcomes);
    assertProved(bundle, outcomes);
    run(bundle(ALICE, request(500)));
    assertProved(bundle, run(bundle));
    List<Optional<ProvedEntry>> proved =
        Appendix.check(
                bundle,
                outcomes,
                ledger.state().head(),
                ledger.appendix(bundle, outcomes, ledger.state().head()))
            .orElseThrow();
    assertEquals(TestLedger.salt(8), proved.get(5).orElseThrow().salt());
    assertEquals(TestLedger.salt(300), proved.get(0).orElseThrow().salt());
  }

  @Test
  void provesNothingWhereNothingIsCommitted() throws IOException {
    Bundle bundle = bundle(ALICE, append(301, "late", TIME - 1));
    List<Outcome> outcomes = run(bundle);
    assertProved(bundle, outcomes);
  }

  @Test
  @DisplayName("S45 an appendix with any byte changed, cut or added proves nothing")
  void refusesEveryOtherAppendix() throws IOException {
    Bundle bundle = mixed();
    List<Outcome> outcomes = run(bundle);
    TreeHead head = ledger.state().head();
    byte[] appendix = ledger.appendix(bundle, outcomes, head).toArray();
    for (int i = 0; i < appendix.length; i++) {
      byte[] changed = appendix.clone();
      changed[i] ^= (byte) (1 << i % 8);
      assertTrue(check(bundle, outcomes, head, changed), "byte " + i);
      assertTrue(check(bundle, outcomes, head, java.util.Arrays.copyOf(appendix, i)), "cut " + i);
    }
    assertTrue(
        check(bundle, outcomes, head, java.util.Arrays.copyOf(appendix, appendix.length + 1)));
    assertTrue(check(bundle, outcomes, new TreeHead(head.size(), Digest.ZERO), appendix));
    assertTrue(check(bundle, outcomes, new TreeHead(head.size() + 1, head.root()), appendix));
    assertTrue(check(bundle, outcomes.subList(1, outcomes.size()), head, appendix));
  }

  private static boolean check(
      Bundle bundle, List<Outcome> outcomes, TreeHead head, byte[] appendix) {
    return Appendix.check(bundle, outcomes, head, Bytes.wrap(appendix)).isEmpty();
  }

  @Test
  @DisplayName(
      "S67 an appendix proves no outcome but the one that was decided, for no other request")
  void refusesOtherOutcomesAndRequests() throws IOException {
    Bundle bundle = bundle(ALICE, request(400), request(401));
    List<Outcome> outcomes = run(bundle);
    TreeHead head = ledger.state().head();
    Bytes appendix = ledger.appendix(bundle, outcomes, head);
    List<Outcome> moved = List.of(Outcome.committed(300), Outcome.committed(301));
    assertTrue(Appendix.check(bundle, moved, head, appendix).isEmpty());
    List<Outcome> beyond = List.of(Outcome.committed(302), Outcome.committed(303));
    assertTrue(Appendix.check(bundle, beyond, head, appendix).isEmpty());
    for (Request other :
        List.of(
            request(402),
            append(400, "content 401", TIME + 1_000),
            append(400, "bob", "audit", "content 400", TIME + 1_000),
            append(400, "alice", "other", "content 400", TIME + 1_000))) {
      Bundle asked = bundle(ALICE, other, request(401));
      assertTrue(Appendix.check(asked, outcomes, head, appendix).isEmpty());
    }
  }

  @Test
  void provesARepeatWhosePayloadIsErasedUnderItsOwnSaltAlone() throws IOException {
    ledger.store().erase(8, 300);
    Bundle own = bundle(ALICE, request(7));
    assertProved(own, run(own));
    Bundle resalted = bundle(ALICE, salted(request(7), 1));
    List<Outcome> outcomes = run(resalted);
    assertEquals(List.of(Outcome.committed(8)), outcomes);
    assertEquals(Bytes.EMPTY, ledger.appendix(resalted, outcomes, ledger.state().head()));
  }
}
