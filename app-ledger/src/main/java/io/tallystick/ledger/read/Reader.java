package io.tallystick.ledger.read;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.ConsistencyProof;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.crypto.merkle.RangeProof;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.StoredEntry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Answers questions from a store. For any thread; the cost of an answer is bounded. */
public final class Reader {
  /** No answer is longer, but for one whose single entry is, in bytes. */
  public static final int ANSWER_BYTES_MAX = 1 << 20;

  private final LedgerStore store;

  /** Reads from this store, up to whatever its size is. */
  public Reader(LedgerStore store) {
    this.store = store;
  }

  /** The answer's bytes; empty when the question is malformed, or about what isn't there. */
  public Bytes answer(Bytes question) throws IOException {
    Optional<Question> asked = Question.decode(question);
    if (asked.isEmpty()) {
      return Bytes.EMPTY;
    }
    return answer(asked.get()).map(Answer::encode).orElse(Bytes.EMPTY);
  }

  private Optional<Answer> answer(Question question) throws IOException {
    long size = store.size();
    return switch (question) {
      case Question.EntriesFrom asked ->
          asked.treeSize() > size ? Optional.empty() : Optional.of(entries(asked));
      case Question.ProofFor(long index, long treeSize) ->
          treeSize > size
              ? Optional.empty()
              : Optional.of(new Answer.Proof(InclusionProof.build(store, index, treeSize)));
      case Question.Consistency(long from, long to) ->
          to > size
              ? Optional.empty()
              : Optional.of(new Answer.Consistent(ConsistencyProof.build(store, from, to)));
    };
  }

  private Answer entries(Question.EntriesFrom asked) throws IOException {
    long from = asked.index();
    int count = (int) Math.min(asked.countMax(), asked.treeSize() - from);
    List<StoredEntry> entries =
        store.read(from, count, Math.min(asked.bytesMax(), ANSWER_BYTES_MAX));
    long end = from + entries.size();
    return new Answer.Entries(entries, RangeProof.build(store, from, end, asked.treeSize()));
  }
}
