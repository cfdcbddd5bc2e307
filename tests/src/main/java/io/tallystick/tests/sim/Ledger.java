package io.tallystick.tests.sim;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.config.Genesis;
import io.tallystick.config.GrantSpec;
import io.tallystick.config.GrantSpec.Role;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.StatementWriter;
import io.tallystick.crypto.merkle.MerkleTree;
import io.tallystick.crypto.merkle.Rfc6962;
import io.tallystick.ledger.entry.EntryKind;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.SystemEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of history: entries and outcomes up to its last batch, all in memory. */
final class Ledger {
  /** Old outcomes are dropped by so many, as the product does. */
  private static final int SEGMENT_RECORDS = 4_096;

  private static final String ORDERS = "orders are not supported yet";
  private static final String ERASURE = "erasure is not supported yet";

  /** A batch that was executed here. */
  record Done(History.Point after, List<Bundle> bundles) {}

  /** Whose request, and which. */
  record Key(String principal, RequestId id) {}

  /** How a request ended, and when; what it replaced, if that had expired. */
  record Ended(
      Outcome outcome, Request request, long seq, long expiresMicros, @Nullable Ended before) {}

  private final Map<PublicKey, List<GrantSpec>> grants = new HashMap<>();
  private final long deadlineMicrosMax;
  private final MerkleTree entries = new MerkleTree();
  private final List<Bytes> leaves = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private final Map<String, Long> streams = new HashMap<>();
  private final MerkleTree records = new MerkleTree();
  private final List<Long> expiries = new ArrayList<>();
  private final Map<Key, Ended> ended = new HashMap<>();
  private final List<Done> log = new ArrayList<>();
  private final Map<PublicKey, String> fingerprints = new HashMap<>();
  private long lastSeq;
  private int expired;
  private long kept;

  Ledger(Genesis genesis) {
    deadlineMicrosMax = genesis.parameters().deadlineMillisMax() * 1_000L;
    for (GrantSpec grant : genesis.grants()) {
      grants.computeIfAbsent(grant.client(), _ -> new ArrayList<>()).add(grant);
    }
    Bytes first = SystemEntry.genesis(genesis.bytes(), genesis.timeMicros()).envelope();
    entries.append(Rfc6962.leafHash(first));
    leaves.add(first);
  }

  long lastSeq() {
    return lastSeq;
  }

  TreeHead head() {
    return new TreeHead(entries.size(), entries.root());
  }

  long records() {
    return records.size();
  }

  Digest recordsRoot(long count) {
    return records.root(count);
  }

  List<Done> log() {
    return log;
  }

  MerkleTree entries() {
    return entries;
  }

  Bytes leaf(long index) {
    return leaves.get((int) index);
  }

  /** The request that made an entry; entry 0 was made by none. */
  Request request(long index) {
    return requests.get((int) index - 1);
  }

  /** Index of the first outcome whose segment isn't dropped yet, at that time. */
  long firstKept(long timeMicros) {
    while (expired < expiries.size() && expiries.get(expired) < timeMicros) {
      expired++;
    }
    kept = (long) expired / SEGMENT_RECORDS * SEGMENT_RECORDS;
    return kept;
  }

  void remember(History.Point after, List<Bundle> bundles) {
    log.add(new Done(after, bundles));
  }

  List<List<Outcome>> execute(long seq, long timeMicros, List<Bundle> bundles) {
    lastSeq = seq;
    List<List<Outcome>> outcomes = new ArrayList<>(bundles.size());
    for (Bundle bundle : bundles) {
      List<Outcome> ofBundle = new ArrayList<>(bundle.requests().size());
      for (Request request : bundle.requests()) {
        ofBundle.add(execute(seq, timeMicros, bundle.client(), request));
      }
      outcomes.add(ofBundle);
    }
    return outcomes;
  }

  private Outcome execute(long seq, long timeMicros, PublicKey client, Request request) {
    if (!granted(client, request, timeMicros)) {
      return Outcome.of(OutcomeKind.NOT_GRANTED);
    }
    boolean barrier = request.kind() == RequestKind.BARRIER;
    Key key = new Key(request.principal(), request.id());
    Ended before = ended.get(key);
    if (!barrier && before != null && timeMicros <= before.expiresMicros()) {
      boolean same =
          before.outcome().kind() != OutcomeKind.COMMITTED || isSame(request, before.request());
      return same ? before.outcome() : Outcome.of(OutcomeKind.ID_REUSED);
    }
    long deadline = request.deadlineMicros();
    if (timeMicros > deadline) {
      boolean certain = timeMicros - deadline <= deadlineMicrosMax;
      return Outcome.of(certain ? OutcomeKind.EXPIRED : OutcomeKind.UNKNOWN);
    }
    if (deadline - timeMicros > deadlineMicrosMax) {
      return Outcome.of(OutcomeKind.TOO_FAR);
    }
    if (barrier) {
      return Outcome.of(OutcomeKind.REACHED);
    }
    Outcome outcome =
        switch (request.kind()) {
          case ADMIN -> Outcome.refused(OutcomeKind.REJECTED, ORDERS);
          case ERASE -> Outcome.refused(OutcomeKind.REJECTED, ERASURE);
          case APPEND, BARRIER -> Outcome.committed(append(timeMicros, client, request));
        };
    long expires = timeMicros + 2 * deadlineMicrosMax;
    ended.put(key, new Ended(outcome, request, seq, expires, before));
    expiries.add(expires);
    records.append(Rfc6962.leafHash(record(request, outcome, expires)));
    return outcome;
  }

  private static byte[] record(Request request, Outcome outcome, long expiresMicros) {
    long index =
        switch (request.kind()) {
          case ADMIN -> 4;
          case ERASE -> 5;
          case APPEND, BARRIER -> outcome.index();
        };
    return new StatementWriter()
        .string(request.principal())
        .raw(request.id().bytes())
        .u8(outcome.kind().code())
        .u64(index)
        .u64(expiresMicros)
        .toArray();
  }

  private boolean granted(PublicKey client, Request request, long timeMicros) {
    for (GrantSpec grant : grants.getOrDefault(client, List.of())) {
      boolean allowed =
          switch (request.kind()) {
            case APPEND ->
                grant.allows(Role.APPEND, request.principal(), request.stream(), timeMicros);
            case ADMIN, ERASE -> grant.allows(Role.ADMIN, request.principal(), "any", timeMicros);
            case BARRIER ->
                grant.allows(Role.READ, request.principal(), "any", timeMicros)
                    || grant.allows(Role.APPEND, request.principal(), "any", timeMicros);
          };
      if (allowed) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSame(Request one, Request other) {
    return one.kind() == other.kind()
        && one.stream().equals(other.stream())
        && one.contentType().equals(other.contentType())
        && one.payload().content().equals(other.payload().content());
  }

  private long append(long timeMicros, PublicKey client, Request request) {
    long streamIndex = streams.merge(request.stream(), 1L, Long::sum) - 1;
    Envelope envelope =
        new Envelope(
            fingerprints.computeIfAbsent(client, PublicKey::fingerprint),
            request.payload().commitment(),
            request.contentType(),
            request.id(),
            EntryKind.EVENT,
            request.payload().content().size(),
            request.principal(),
            request.stream(),
            streamIndex,
            timeMicros);
    long index = entries.size();
    Bytes leaf = envelope.encode();
    entries.append(Rfc6962.leafHash(leaf));
    leaves.add(leaf);
    requests.add(request);
    return index;
  }

  /** How a request ended, as of a point of this history. */
  Outcome outcome(History.Point at, Key key, long deadlineMicros) {
    Ended known = ended.get(key);
    while (known != null && known.seq() > at.seq) {
      known = known.before();
    }
    if (known != null && at.timeMicros <= known.expiresMicros()) {
      return known.outcome();
    }
    if (deadlineMicros < 0 || at.timeMicros <= deadlineMicros) {
      return Outcome.of(OutcomeKind.PENDING);
    }
    boolean certain = at.timeMicros - deadlineMicros <= deadlineMicrosMax;
    return Outcome.of(certain ? OutcomeKind.ABSENT : OutcomeKind.UNKNOWN);
  }
}
