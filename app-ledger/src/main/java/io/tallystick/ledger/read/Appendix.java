package io.tallystick.ledger.read;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;
import io.tallystick.crypto.merkle.MalformedTreeException;
import io.tallystick.crypto.merkle.OpenRange;
import io.tallystick.crypto.merkle.RangeProof;
import io.tallystick.ledger.entry.EntryKind;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.MalformedEntryException;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.StoredPayload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What proves a bundle's outcomes: the envelopes of the committed requests, and proofs.
 *
 * <p>Layout: u8 version, u64 tree size, then the runs. A run is a longest sequence of committed
 * requests, others between them passed over, whose indexes ascend by one; an ordinary bundle has
 * one, and a request that repeats an earlier one is a run of its own. A run: for each entry u16
 * length, envelope, u8 flag (0: committed to under the request's salt; 1: under another, and its 32
 * bytes follow), then the hashes of the run's range proof. How many runs, entries and hashes there
 * are follows from the outcomes and the size.
 */
public final class Appendix {
  private static final int VERSION = 1;
  private static final int OWN_SALT = 0;
  private static final int OTHER_SALT = 1;

  private Appendix() {}

  /** Requests of a bundle, by position, whose entries follow one another from {@code first} on. */
  private record Run(long first, List<Integer> requests) {
    long end() {
      return first + requests.size();
    }
  }

  private static List<Run> runs(List<Outcome> outcomes) {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      if (outcome.kind() != OutcomeKind.COMMITTED) {
        continue;
      }
      if (runs.isEmpty() || runs.getLast().end() != outcome.index()) {
        runs.add(new Run(outcome.index(), new ArrayList<>()));
      }
      runs.getLast().requests.add(i);
    }
    return runs;
  }

  /**
   * Builds the appendix; empty when a payload that it would have to show the salt of is erased.
   *
   * @param head of the tree that the proofs are for, which the store has
   */
  public static Bytes build(LedgerStore store, Bundle bundle, List<Outcome> outcomes, TreeHead head)
      throws IOException {
    StatementWriter out = new StatementWriter().u8(VERSION).u64(head.size());
    for (Run run : runs(outcomes)) {
      List<Bytes> leaves = store.envelopes(run.first, run.requests.size());
      for (int i = 0; i < leaves.size(); i++) {
        Request request = bundle.requests().get(run.requests.get(i));
        out.u16(leaves.get(i).size()).raw(leaves.get(i));
        if (Envelope.commits(leaves.get(i), request.payload().commitment())) {
          out.u8(OWN_SALT);
        } else if (store.payload(run.first + i)
            instanceof StoredPayload.Present(Bytes salt, Bytes content)) {
          out.u8(OTHER_SALT).raw(salt);
        } else {
          return Bytes.EMPTY;
        }
      }
      RangeProof.build(store, run.first, run.end(), head.size()).hashes().forEach(out::digest);
    }
    return Bytes.wrap(out.toArray());
  }

  /**
   * Checks an appendix against a head that the caller trusts: every committed request's entry is at
   * its index, and is the one that the request asked for. Its client may be another: when another
   * one that speaks for the same principal asked first.
   *
   * @return for each request its entry, none for those that weren't committed; empty when the
   *     appendix is malformed or proves something else
   */
  public static Optional<List<Optional<ProvedEntry>>> check(
      Bundle bundle, List<Outcome> outcomes, TreeHead head, Bytes appendix) {
    if (outcomes.size() != bundle.requests().size()) {
      return Optional.empty();
    }
    try {
      WireInput in = new WireInput(appendix);
      if (in.u8() != VERSION || in.u63() != head.size()) {
        return Optional.empty();
      }
      List<Optional<ProvedEntry>> proved = new ArrayList<>();
      outcomes.forEach(outcome -> proved.add(Optional.empty()));
      for (Run run : runs(outcomes)) {
        check(run, bundle, head, in, proved);
      }
      in.end();
      return Optional.of(List.copyOf(proved));
    } catch (WireInput.Malformed | MalformedTreeException | MalformedEntryException e) {
      return Optional.empty();
    }
  }

  private record Shown(Bytes leaf, Envelope envelope, Bytes salt) {}

  private static void check(
      Run run, Bundle bundle, TreeHead head, WireInput in, List<Optional<ProvedEntry>> proved)
      throws WireInput.Malformed {
    List<Shown> shown = new ArrayList<>();
    List<Digest> leafHashes = new ArrayList<>();
    for (int position : run.requests) {
      Shown entry = shown(bundle.requests().get(position), in);
      shown.add(entry);
      leafHashes.add(Envelope.leafHash(entry.leaf));
    }
    int hashes = RangeProof.length(run.first, run.end(), head.size());
    RangeProof proof = new RangeProof(run.first, run.end(), head.size(), in.digests(hashes));
    OpenRange open = proof.open(leafHashes);
    if (!open.root().equals(head.root())) {
      throw new WireInput.Malformed("root " + open.root() + " (expected: " + head.root() + ")");
    }
    for (int i = 0; i < shown.size(); i++) {
      Shown entry = shown.get(i);
      proved.set(
          run.requests.get(i),
          Optional.of(
              new ProvedEntry(entry.leaf, entry.envelope, entry.salt, open.proof(run.first + i))));
    }
  }

  private static Shown shown(Request request, WireInput in) throws WireInput.Malformed {
    Bytes leaf = in.bytes(in.u16());
    Envelope envelope = Envelope.parse(leaf);
    Bytes salt =
        switch (in.u8()) {
          case OWN_SALT -> request.payload().salt();
          case OTHER_SALT -> in.salt();
          default -> throw new WireInput.Malformed("flag (expected: 0 or 1)");
        };
    Payload payload = request.payload();
    boolean committed =
        salt.equals(payload.salt())
            ? payload.commitment().equals(envelope.commitment())
            : Payload.commitment(salt, payload.content()).equals(envelope.commitment());
    boolean asked =
        committed
            && request.kind() == RequestKind.APPEND
            && envelope.kind() == EntryKind.EVENT
            && envelope.id().equals(request.id())
            && envelope.principal().equals(request.principal())
            && envelope.stream().equals(request.stream())
            && envelope.contentType().equals(request.contentType())
            && envelope.length() == payload.content().size();
    if (!asked) {
      throw new WireInput.Malformed("an entry that wasn't asked for");
    }
    return new Shown(leaf, envelope, salt);
  }
}
