package io.tallystick.ledger.follower;

import io.tallystick.bft.message.Payload;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.CompactRange;
import io.tallystick.ledger.entry.EntryKind;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerEntry;
import io.tallystick.ledger.entry.MalformedEntryException;
import io.tallystick.ledger.entry.SystemEntry;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import io.tallystick.ledger.read.Answer;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.StoredEntry;
import io.tallystick.ledger.store.StoredPayload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges the next entries as one replica showed them, against a head that a quorum signed. A range
 * proof puts the envelopes into the head's tree, and its hashes on the left are the head's view of
 * everything before them: so each answer stands or falls by itself, and a fork shows as such.
 */
final class ChunkCheck {
  private final Genesis genesis;
  private final CopyStorage copy;

  /** What entries are worth. */
  sealed interface Verdict {
    /** Verified. */
    record Good(List<LedgerEntry> entries, List<Envelope> envelopes) implements Verdict {}

    /** The replica that answered lied; nobody else did. */
    record Lie(String why) implements Verdict {}

    /** The head's tree doesn't begin with the copy's entries, but with others of this root. */
    record Fork(Digest root, List<Digest> proof) implements Verdict {}

    /** The head's tree has an entry that no correct replica would append. */
    record Unlawful(long index, String why) implements Verdict {}
  }

  ChunkCheck(Genesis genesis, CopyStorage copy) {
    this.genesis = genesis;
    this.copy = copy;
  }

  /** Judges entries that come right after the copy's own. */
  Verdict check(Answer.Entries answer, CopyHead target) throws IOException {
    LedgerStore store = copy.store();
    long from = store.size();
    List<Digest> leaves =
        answer.entries().stream().map(entry -> Envelope.leafHash(entry.envelope())).toList();
    if (answer.proof().lo() != from || !answer.proof().verify(leaves, target.root())) {
      return new Verdict.Lie("entries that aren't in the head's tree");
    }
    List<Digest> left = answer.proof().hashes().subList(0, Long.bitCount(from));
    if (!left.equals(CompactRange.of(from, store).hashes())) {
      return new Verdict.Fork(CompactRange.of(from, left).root(), answer.proof().hashes());
    }
    return judge(answer.entries(), from);
  }

  private Verdict judge(List<StoredEntry> stored, long from) throws IOException {
    List<LedgerEntry> entries = new ArrayList<>(stored.size());
    List<Envelope> envelopes = new ArrayList<>(stored.size());
    Map<String, Long> counts = new HashMap<>();
    long timeMicros = from == 0 ? 0 : Envelope.parse(copy.store().envelope(from - 1)).timeMicros();
    for (int i = 0; i < stored.size(); i++) {
      Envelope envelope;
      try {
        envelope = Envelope.parse(stored.get(i).envelope());
      } catch (MalformedEntryException e) {
        return new Verdict.Unlawful(from + i, String.valueOf(e.getMessage()));
      }
      Optional<LedgerEntry> entry = committed(stored.get(i), envelope);
      if (entry.isEmpty()) {
        return new Verdict.Lie("another payload than entry " + (from + i) + " commits to");
      }
      String wrong = wrong(entry.get(), envelope, from + i, counts);
      if (wrong.isEmpty() && envelope.timeMicros() < timeMicros) {
        wrong = "ledger time goes back by " + (timeMicros - envelope.timeMicros()) + " µs";
      }
      if (!wrong.isEmpty()) {
        return new Verdict.Unlawful(from + i, wrong);
      }
      timeMicros = envelope.timeMicros();
      envelopes.add(envelope);
      entries.add(entry.get());
    }
    return new Verdict.Good(entries, envelopes);
  }

  /** The entry with its payload; empty unless that is the one which the envelope commits to. */
  private static Optional<LedgerEntry> committed(StoredEntry entry, Envelope envelope) {
    return entry.payload() instanceof StoredPayload.Present(Bytes salt, Bytes content)
            && salt.size() == Payload.SALT_LENGTH
            && content.size() == envelope.length()
            && Payload.commitment(salt, content).equals(envelope.commitment())
        ? Optional.of(new LedgerEntry(entry.envelope(), salt, content))
        : Optional.empty();
  }

  /** What no correct replica would have appended; empty when all is right. */
  private String wrong(LedgerEntry entry, Envelope envelope, long index, Map<String, Long> counts) {
    if (index == 0) {
      LedgerEntry first = SystemEntry.genesis(genesis.bytes(), genesis.timeMicros());
      if (!entry.envelope().equals(first.envelope())) {
        return "isn't genesis (expected: " + first.envelope().toUtf8() + ")";
      }
    } else if (envelope.kind() == EntryKind.SYSTEM && !entry.salt().equals(SystemEntry.SALT)) {
      return "a system entry with a salt (expected: zeros)";
    }
    String stream = envelope.stream();
    long next = counts.computeIfAbsent(stream, copy.streams()::count);
    counts.put(stream, next + 1);
    return envelope.streamIndex() == next
        ? ""
        : "number " + envelope.streamIndex() + " in stream " + stream + " (expected: " + next + ")";
  }
}
