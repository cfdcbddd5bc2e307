package io.tallystick.ledger.state;

import static io.tallystick.ledger.state.TestLedger.ADMIN;
import static io.tallystick.ledger.state.TestLedger.ALICE;
import static io.tallystick.ledger.state.TestLedger.BOB;
import static io.tallystick.ledger.state.TestLedger.NOBODY;
import static io.tallystick.ledger.state.TestLedger.READER;
import static io.tallystick.ledger.state.TestLedger.TIME;
import static io.tallystick.ledger.state.TestLedger.append;
import static io.tallystick.ledger.state.TestLedger.bundle;
import static io.tallystick.ledger.state.TestLedger.id;
import static io.tallystick.ledger.state.TestLedger.ofKind;
import static io.tallystick.ledger.state.TestLedger.salted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.bft.statemachine.StateMachine.Result;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.store.StoredPayload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each decision of design 12, at both sides of each bound. */
class DecisionTest {
  private static final long M = 60_000_000L;
  private static final long SECOND = 1_000_000L;

  @TempDir Path directory;
  private LedgerStateMachine ledger = unset();

  @SuppressWarnings("NullAway") // JUnit calls open() before any test
  private static LedgerStateMachine unset() {
    return null;
  }

  @BeforeEach
  void open() throws IOException {
    ledger = LedgerStateMachine.open(directory, TestLedger.genesis());
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  private void reopen() throws IOException {
    ledger.sync();
    ledger.close();
    open();
  }

  private List<Outcome> run(long time, Bundle bundle) throws IOException {
    return ledger.execute(ledger.state().seq() + 1, time, List.of(bundle)).outcomes().getFirst();
  }

  private Outcome run(long time, PrivateKey client, Request request) throws IOException {
    return run(time, bundle(client, request)).getFirst();
  }

  private OutcomeKind kind(long time, PrivateKey client, Request request) throws IOException {
    return run(time, client, request).kind();
  }

  @Test
  void beginsWithGenesisAsEntryZero() throws IOException {
    assertEquals(0, ledger.state().seq());
    assertEquals(TIME, ledger.state().ledgerTimeMicros());
    assertEquals(1, ledger.state().head().size());
    Envelope genesis = Envelope.parse(ledger.store().envelope(0));
    assertEquals("_system", genesis.stream());
    assertEquals(TIME, genesis.timeMicros());
    assertTrue(
        ledger.store().payload(0) instanceof StoredPayload.Present(Bytes salt, Bytes content)
            && content.equals(TestLedger.genesis().bytes()));
  }

  @Test
  void appendsWhatIsGranted() throws IOException {
    Request request = append(1, "hello", TIME + SECOND);
    assertEquals(Outcome.committed(1), run(TIME + 1, ALICE, request));
    Envelope envelope = Envelope.parse(ledger.store().envelope(1));
    assertEquals(
        new Envelope(
            ALICE.publicKey().fingerprint(),
            request.payload().commitment(),
            "text/plain",
            request.id(),
            io.tallystick.ledger.entry.EntryKind.EVENT,
            5,
            "alice",
            "audit",
            0,
            TIME + 1),
        envelope);
    assertEquals(
        new StoredPayload.Present(request.payload().salt(), request.payload().content()),
        ledger.store().payload(1));
  }

  @Test
  @DisplayName("S29 who may do what is decided by grants and ledger time alone")
  void refusesWhatIsNotGranted() throws IOException {
    long deadline = TIME + 30 * SECOND;
    Request bobs = append(1, "bob.1", "build", "x", deadline);
    long before = TIME + 10 * SECOND - 1;
    assertEquals(OutcomeKind.NOT_GRANTED, kind(before, BOB, bobs));
    assertEquals(OutcomeKind.PENDING, ledger.outcome("bob.1", id(1), deadline).kind());
    assertEquals(OutcomeKind.NOT_GRANTED, kind(before, READER, append(2, "x", deadline)));
    assertEquals(OutcomeKind.NOT_GRANTED, kind(before, ADMIN, append(2, "x", deadline)));
    assertEquals(OutcomeKind.NOT_GRANTED, kind(before, NOBODY, append(2, "x", deadline)));
    long during = TIME + 10 * SECOND;
    assertEquals(
        OutcomeKind.NOT_GRANTED, kind(during, BOB, append(3, "alice", "build", "x", deadline)));
    assertEquals(
        OutcomeKind.NOT_GRANTED, kind(during, BOB, append(3, "bob", "audit", "x", deadline)));
    assertEquals(
        OutcomeKind.NOT_GRANTED, kind(during, BOB, append(3, "bob", "_system", "x", deadline)));
    assertEquals(
        OutcomeKind.NOT_GRANTED, kind(during, ALICE, append(3, "_system", "audit", "x", deadline)));
    assertEquals(
        OutcomeKind.NOT_GRANTED, kind(during, ALICE, append(3, "a\u0085", "audit", "x", deadline)));
    assertEquals(OutcomeKind.COMMITTED, kind(during, BOB, bobs));
    long last = TIME + 20 * SECOND - 1;
    assertEquals(OutcomeKind.COMMITTED, kind(last, BOB, append(4, "bob", "b", "x", deadline)));
    // What is recorded isn't told any more to somebody whose grant has ended
    assertEquals(OutcomeKind.NOT_GRANTED, kind(last + 1, BOB, bobs));
    assertEquals(3, ledger.state().head().size());
  }

  @Test
  @DisplayName("S14 a request is executed once, within a bundle, a batch, and across batches")
  void executesOnce() throws IOException {
    Request one = append(1, "one", TIME + SECOND);
    Request two = append(2, "two", TIME + SECOND);
    Bundle twice = bundle(ALICE, one, two, one);
    Result result = ledger.execute(1, TIME + 1, List.of(twice, bundle(ALICE, two), twice));
    Outcome first = Outcome.committed(1);
    Outcome second = Outcome.committed(2);
    assertEquals(
        List.of(List.of(first, second, first), List.of(second), List.of(first, second, first)),
        result.outcomes());
    assertEquals(3, result.head().size());
    assertEquals(List.of(first, second, first), run(TIME + 2, twice));
    assertEquals(3, ledger.state().head().size());
  }

  @Test
  @DisplayName(
      "S13 an old request is answered after its deadline and after a restart, not executed")
  void answersOldRequestsAfterARestart() throws IOException {
    Request one = append(1, "one", TIME + SECOND);
    assertEquals(Outcome.committed(1), run(TIME + 1, ALICE, one));
    reopen();
    assertEquals(Outcome.committed(1), run(TIME + 2, ALICE, one));
    // Recorded until T + 2M, though the deadline has long passed
    assertEquals(Outcome.committed(1), run(TIME + 1 + 2 * M, ALICE, one));
    reopen();
    assertEquals(OutcomeKind.UNKNOWN, kind(TIME + 2 + 2 * M, ALICE, one));
    // From then on the id names a new request
    Request again = append(1, "other", TIME + 3 + 2 * M);
    assertEquals(Outcome.committed(2), run(TIME + 3 + 2 * M, ALICE, again));
  }

  @Test
  @DisplayName("S17 other content under the same id is refused, whatever its salt")
  void refusesAnotherRequestUnderTheSameId() throws IOException {
    long deadline = TIME + SECOND;
    Request one = append(1, "one", deadline);
    Request[] others = {
      append(1, "uno", deadline),
      append(1, "longer", deadline),
      append(1, "alice", "other", "one", deadline),
      ofKind(RequestKind.ERASE, one),
      typed(one, "text/html"),
    };
    List<Request> requests = new ArrayList<>(List.of(one, salted(one, 99)));
    requests.addAll(List.of(others));
    List<Outcome> outcomes = run(TIME + 1, bundle(ALICE, requests));
    assertEquals(Outcome.committed(1), outcomes.get(0));
    assertEquals(Outcome.committed(1), outcomes.get(1));
    for (int i = 0; i < others.length; i++) {
      if (others[i].kind() == RequestKind.APPEND) {
        assertEquals(OutcomeKind.ID_REUSED, outcomes.get(2 + i).kind(), "other " + i);
        assertEquals(OutcomeKind.ID_REUSED, kind(TIME + 2, ALICE, others[i]), "other " + i);
      }
    }
    assertEquals(OutcomeKind.ID_REUSED, kind(TIME + 2, ADMIN, ofKind(RequestKind.ERASE, one)));
    assertEquals(Outcome.committed(1), run(TIME + 3, ALICE, salted(one, 98)));
    // The id is its principal's own
    Request carol = append(1, "carol", "audit", "uno", deadline);
    assertEquals(Outcome.committed(2), run(TIME + 4, ALICE, carol));
  }

  private static Request typed(Request request, String contentType) {
    return new Request(
        request.kind(),
        request.principal(),
        request.id(),
        request.stream(),
        contentType,
        request.payload(),
        request.deadlineMicros());
  }

  @Test
  void answersWithWhatIsRecordedWhenThePayloadIsErased() throws IOException {
    run(TIME + 1, ALICE, append(1, "one", TIME + SECOND));
    ledger.store().erase(1, 7);
    assertEquals(Outcome.committed(1), run(TIME + 2, ALICE, append(1, "uno", TIME + SECOND)));
  }

  @Test
  void refusesWhatIsTooLate() throws IOException {
    long deadline = TIME + 100;
    assertEquals(OutcomeKind.COMMITTED, kind(deadline, ALICE, append(1, "x", deadline)));
    assertEquals(OutcomeKind.EXPIRED, kind(deadline + 1, ALICE, append(2, "x", deadline)));
    assertEquals(OutcomeKind.EXPIRED, kind(deadline + M, ALICE, append(2, "x", deadline)));
    assertEquals(OutcomeKind.UNKNOWN, kind(deadline + M + 1, ALICE, append(2, "x", deadline)));
    assertEquals(2, ledger.state().head().size());
  }

  @Test
  @DisplayName("S15 a deadline in the far future is refused, without a trace")
  void refusesWhatIsTooFarAhead() throws IOException {
    long time = TIME + 1;
    assertEquals(OutcomeKind.TOO_FAR, kind(time, ALICE, append(1, "x", time + M + 1)));
    assertEquals(OutcomeKind.TOO_FAR, kind(time, ALICE, append(1, "x", Long.MAX_VALUE)));
    assertEquals(OutcomeKind.TOO_FAR, kind(time, ALICE, append(1, "x", -1)));
    assertEquals(OutcomeKind.TOO_FAR, kind(time, ALICE, append(1, "x", Long.MIN_VALUE)));
    assertEquals(Outcome.committed(1), run(time, ALICE, append(1, "x", time + M)));
  }

  @Test
  @DisplayName("S16 executing a later request first leaves an earlier one executable")
  void executesInAnyOrder() throws IOException {
    assertEquals(Outcome.committed(1), run(TIME + 1, ALICE, append(2, "two", TIME + SECOND)));
    assertEquals(Outcome.committed(2), run(TIME + 2, ALICE, append(1, "one", TIME + SECOND)));
  }

  @Test
  void numbersStreamsWithoutGaps() throws IOException {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      requests.add(append(i, "alice", "s" + i % 3, "x", i % 5 == 0 ? TIME : TIME + SECOND));
    }
    run(TIME + 1, bundle(ALICE, requests));
    run(TIME + 2, ALICE, append(100, "alice", "s1", "x", TIME + SECOND));
    long[] next = new long[3];
    for (long i = 1; i < ledger.state().head().size(); i++) {
      Envelope envelope = Envelope.parse(ledger.store().envelope(i));
      int stream = envelope.stream().charAt(1) - '0';
      assertEquals(next[stream]++, envelope.streamIndex());
      assertEquals(i, ledger.streams().entry(envelope.stream(), envelope.streamIndex()).orElse(-1));
    }
    assertEquals(25, next[0] + next[1] + next[2]);
  }

  @Test
  void remembersWhatItRejects() throws IOException {
    long deadline = TIME + SECOND;
    Request bad = typed(append(1, "x", deadline), "text/pl\u00e4in");
    Outcome rejected = run(TIME + 1, ALICE, bad);
    assertEquals(OutcomeKind.REJECTED, rejected.kind());
    assertTrue(rejected.reason().startsWith("content type"), rejected.reason());
    assertEquals(rejected, run(TIME + 2, ALICE, bad));
    // Nothing is left to compare with: another request under that id is told the same
    assertEquals(rejected, run(TIME + 2, ALICE, append(1, "y", deadline)));
    Request order = ofKind(RequestKind.ADMIN, append(2, "{}", deadline));
    Request erase = ofKind(RequestKind.ERASE, append(3, "{}", deadline));
    assertEquals("orders are not supported yet", run(TIME + 3, ADMIN, order).reason());
    assertEquals("erasure is not supported yet", run(TIME + 3, ADMIN, erase).reason());
    assertEquals(OutcomeKind.NOT_GRANTED, kind(TIME + 3, ALICE, order));
    reopen();
    assertEquals(rejected, run(TIME + 4, ALICE, bad));
    assertEquals(rejected, ledger.outcome("alice", id(1), deadline));
    assertEquals(1, ledger.state().head().size());
  }

  @Test
  void reachesBarriersWithoutATrace() throws IOException {
    long deadline = TIME + SECOND;
    Request barrier = ofKind(RequestKind.BARRIER, append(1, "", deadline));
    Bytes digest = Bytes.wrap(ledger.stateDigest().toArray());
    for (PrivateKey client : List.of(ALICE, READER)) {
      assertEquals(OutcomeKind.REACHED, kind(TIME, client, barrier));
      assertEquals(OutcomeKind.REACHED, kind(TIME, client, barrier));
    }
    assertEquals(digest, Bytes.wrap(ledger.stateDigest().toArray()));
    assertEquals(OutcomeKind.NOT_GRANTED, kind(TIME, ADMIN, barrier));
    assertEquals(OutcomeKind.EXPIRED, kind(deadline + 1, ALICE, barrier));
    assertEquals(1, ledger.state().head().size());
    assertEquals(OutcomeKind.COMMITTED, kind(deadline + 1, ALICE, append(1, "", deadline + 1)));
    assertEquals(OutcomeKind.EXPIRED, kind(deadline + 2, ALICE, barrier));
  }

  @Test
  @DisplayName(
      "S19 a query is told committed, rejected, pending, absent, or that only a copy knows")
  void answersQueries() throws IOException {
    long deadline = TIME + SECOND;
    assertEquals(OutcomeKind.PENDING, ledger.outcome("alice", id(1), deadline).kind());
    run(TIME + 1, ALICE, append(1, "x", deadline));
    assertEquals(Outcome.committed(1), ledger.outcome("alice", id(1), deadline));
    assertEquals(OutcomeKind.PENDING, ledger.outcome("alice", id(2), deadline).kind());
    assertEquals(OutcomeKind.PENDING, ledger.outcome("bob", id(1), deadline).kind());
    idle(deadline);
    assertEquals(OutcomeKind.PENDING, ledger.outcome("alice", id(2), deadline).kind());
    idle(deadline + 1);
    assertEquals(OutcomeKind.ABSENT, ledger.outcome("alice", id(2), deadline).kind());
    idle(deadline + M);
    assertEquals(OutcomeKind.ABSENT, ledger.outcome("alice", id(2), deadline).kind());
    idle(deadline + M + 1);
    assertEquals(OutcomeKind.UNKNOWN, ledger.outcome("alice", id(2), deadline).kind());
    assertEquals(Outcome.committed(1), ledger.outcome("alice", id(1), deadline));
    idle(TIME + 1 + 2 * M);
    assertEquals(Outcome.committed(1), ledger.outcome("alice", id(1), deadline));
    idle(TIME + 2 + 2 * M);
    assertEquals(OutcomeKind.UNKNOWN, ledger.outcome("alice", id(1), deadline).kind());
  }

  private void idle(long time) throws IOException {
    ledger.execute(ledger.state().seq() + 1, time, List.of());
  }

  @Test
  void refusesBatchesOutOfTurn() {
    assertThrows(IllegalStateException.class, () -> ledger.execute(2, TIME + 1, List.of()));
    assertThrows(IllegalStateException.class, () -> ledger.execute(0, TIME + 1, List.of()));
    assertThrows(IllegalStateException.class, () -> ledger.execute(1, TIME - 1, List.of()));
  }

  @Test
  @DisplayName("S20 the largest payload fits, one byte more is refused")
  void refusesPayloadsOverTheLimit() throws IOException {
    int max = TestLedger.genesis().parameters().payloadBytesMax();
    long deadline = TIME + SECOND;
    assertEquals(OutcomeKind.COMMITTED, kind(TIME + 1, ALICE, sized(1, max, deadline)));
    assertEquals(OutcomeKind.REJECTED, kind(TIME + 1, ALICE, sized(2, max + 1, deadline)));
    assertEquals(OutcomeKind.COMMITTED, kind(TIME + 1, ALICE, sized(3, 0, deadline)));
  }

  private static Request sized(long id, int bytes, long deadline) {
    Request shape = append(id, "", deadline);
    return new Request(
        shape.kind(),
        shape.principal(),
        shape.id(),
        shape.stream(),
        shape.contentType(),
        Payload.of(shape.payload().salt(), Bytes.wrap(new byte[bytes])),
        deadline);
  }
}
