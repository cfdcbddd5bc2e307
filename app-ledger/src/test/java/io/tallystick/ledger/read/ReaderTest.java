package io.tallystick.ledger.read;

import static io.tallystick.ledger.state.TestLedger.ALICE;
import static io.tallystick.ledger.state.TestLedger.TIME;
import static io.tallystick.ledger.state.TestLedger.append;
import static io.tallystick.ledger.state.TestLedger.unsigned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.Request;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.state.LedgerStateMachine;
import io.tallystick.ledger.state.TestLedger;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaderTest {
  private static final long SIZE = 601;

  @TempDir Path directory;

  private LedgerStateMachine open() throws IOException {
    LedgerStateMachine ledger = LedgerStateMachine.open(directory, TestLedger.genesis());
    List<Request> requests = new ArrayList<>();
    for (long id = 1; id < SIZE; id++) {
      requests.add(append(id, "content " + id, TIME + 5));
    }
    ledger.execute(1, TIME + 1, List.of(unsigned(ALICE.publicKey(), requests)));
    ledger.store().erase(300, 400);
    return ledger;
  }

  private static Optional<Answer> ask(LedgerStateMachine ledger, Question question)
      throws IOException {
    return Answer.decode(question, ledger.read(question.encode()));
  }

  @Test
  void readsTheWholeLedgerInPieces() throws IOException {
    try (LedgerStateMachine ledger = open()) {
      LedgerStore store = ledger.store();
      long next = 0;
      while (next < SIZE) {
        Question question = new Question.EntriesFrom(next, 100, 5_000, SIZE - 1 + next / 600);
        if (!(ask(ledger, question).orElseThrow() instanceof Answer.Entries(var entries, var p))) {
          throw new AssertionError("not entries");
        }
        assertTrue(
            p.verify(
                entries.stream().map(e -> Envelope.leafHash(e.envelope())).toList(),
                store.rootAt(p.size())));
        assertTrue(!entries.isEmpty() && entries.size() <= 100);
        for (StoredEntry entry : entries) {
          assertEquals(next, entry.index());
          assertEquals(store.envelope(next), entry.envelope());
          assertEquals(store.payload(next), entry.payload());
          next++;
        }
      }
      assertEquals(Optional.empty(), ask(ledger, new Question.EntriesFrom(SIZE, 1, 1, SIZE + 1)));
    }
  }

  @Test
  @DisplayName("S73 entries and earlier trees are proved to any later tree")
  void provesEntriesAndPrefixes() throws IOException {
    try (LedgerStateMachine ledger = open()) {
      LedgerStore store = ledger.store();
      Random random = new Random(1);
      for (int i = 0; i < 200; i++) {
        long size = 1 + random.nextLong(SIZE);
        long index = random.nextLong(size);
        if (!(ask(ledger, new Question.ProofFor(index, size)).orElseThrow()
                instanceof Answer.Proof(var proof)
            && ask(ledger, new Question.Consistency(index, size)).orElseThrow()
                instanceof Answer.Consistent(var consistency))) {
          throw new AssertionError("not proofs");
        }
        assertTrue(proof.verify(Envelope.leafHash(store.envelope(index)), store.rootAt(size)));
        assertTrue(consistency.verify(store.rootAt(index), store.rootAt(size)));
      }
      assertEquals(Optional.empty(), ask(ledger, new Question.ProofFor(1, SIZE + 1)));
      assertEquals(Optional.empty(), ask(ledger, new Question.Consistency(1, SIZE + 1)));
    }
  }

  @Test
  @DisplayName("S2 no bytes make a question or an answer fail in any way but being refused")
  void refusesWhatIsNoQuestionAndNoAnswer() throws IOException {
    try (LedgerStateMachine ledger = open()) {
      Random random = new Random(2);
      List<Question> questions =
          List.of(
              new Question.EntriesFrom(290, 20, 10_000, SIZE),
              new Question.ProofFor(5, SIZE),
              new Question.Consistency(5, SIZE));
      for (Question question : questions) {
        Bytes asked = question.encode();
        Bytes answer = ledger.read(asked);
        assertEquals(Optional.of(question), Question.decode(asked));
        for (int i = 0; i < 3_000; i++) {
          byte[] mutated = answer.toArray();
          mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
          Bytes cut = Bytes.wrap(mutated).slice(0, random.nextInt(mutated.length + 1));
          Answer.decode(question, cut).ifPresent(read -> assertEquals(cut, read.encode()));
          byte[] other = asked.toArray();
          other[random.nextInt(other.length)] = (byte) random.nextInt();
          Bytes otherQuestion = Bytes.wrap(other);
          Question.decode(otherQuestion)
              .ifPresent(read -> assertEquals(otherQuestion, read.encode()));
          ledger.read(otherQuestion);
          ledger.read(otherQuestion.slice(0, random.nextInt(other.length)));
        }
      }
      assertThrows(IllegalArgumentException.class, () -> new Question.EntriesFrom(0, 257, 1, 9));
      assertThrows(IllegalArgumentException.class, () -> new Question.ProofFor(5, 5));
      assertThrows(IllegalArgumentException.class, () -> new Question.Consistency(6, 5));
    }
  }
}
