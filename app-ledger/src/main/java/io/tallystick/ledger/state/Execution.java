package io.tallystick.ledger.state;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.entry.EntryKind;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerEntry;
import io.tallystick.ledger.entry.Names;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.StoredPayload;
import io.tallystick.ledger.store.StreamTable;
import io.tallystick.ledger.store.StreamTable.Posting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one batch does, decided request by request, in order, and not done yet: reads the state and
 * changes nothing, so that a batch whose writing fails can be executed again. For the application's
 * thread.
 */
final class Execution {
  /** What the decisions are made from. */
  record Ground(
      Genesis genesis, Grants grants, LedgerStore store, StreamTable streams, Outcomes outcomes) {}

  /** Whose request, and which. */
  private record Key(String principal, RequestId id) {}

  /** Decided in this very batch; no entry when it was rejected. */
  private record Decided(Outcome outcome, Optional<Appended> appended) {}

  private record Appended(Envelope envelope, Bytes salt) {}

  private final Ground ground;
  private final long timeMicros;
  private final long deadlineMicrosMax;
  private final long storeSize;
  private final int streamsBefore;
  private final Map<Key, Decided> decided = new HashMap<>();
  private final Map<String, Long> streamCounts = new HashMap<>();
  private int newStreams;

  final List<LedgerEntry> entries = new ArrayList<>();
  final List<Posting> postings = new ArrayList<>();
  final List<OutcomeRecord> records = new ArrayList<>();

  Execution(Ground ground, long timeMicros) {
    this.ground = ground;
    this.timeMicros = timeMicros;
    this.deadlineMicrosMax = ground.genesis.parameters().deadlineMillisMax() * 1_000L;
    this.storeSize = ground.store.size();
    this.streamsBefore = ground.streams.streams();
  }

  /** Decides all requests of a bundle. */
  List<Outcome> execute(Bundle bundle) throws IOException {
    List<Outcome> outcomes = new ArrayList<>(bundle.requests().size());
    String client = bundle.client().fingerprint();
    for (Request request : bundle.requests()) {
      // Design 12, 1: a grant, or nothing is said of it
      outcomes.add(
          ground.grants.allow(bundle.client(), request, timeMicros)
              ? execute(client, request)
              : Outcome.of(OutcomeKind.NOT_GRANTED));
    }
    return outcomes;
  }

  private Outcome execute(String client, Request request) throws IOException {
    boolean barrier = request.kind() == RequestKind.BARRIER;
    // Design 12, 2: it ended before, in this batch or an earlier one
    if (!barrier) {
      Optional<Outcome> before = before(request);
      if (before.isPresent()) {
        return before.get();
      }
    }
    long deadline = request.deadlineMicros();
    // Design 12, 3: too late
    if (deadline >= 0 && timeMicros > deadline) {
      boolean certain = timeMicros - deadline <= deadlineMicrosMax;
      return Outcome.of(certain ? OutcomeKind.EXPIRED : OutcomeKind.UNKNOWN);
    }
    // Design 12, 4: too far ahead; a deadline is unsigned, so a negative one is further than any
    if (deadline < 0 || deadline - timeMicros > deadlineMicrosMax) {
      return Outcome.of(OutcomeKind.TOO_FAR);
    }
    if (barrier) {
      return Outcome.of(OutcomeKind.REACHED);
    }
    // Design 12, 5: it takes effect, and that is remembered
    if (ground.outcomes.live() + records.size() >= ground.genesis.parameters().outcomesMax()) {
      return Outcome.of(OutcomeKind.BUSY);
    }
    Optional<Rejection> rejection = rejection(request);
    return rejection.isPresent() ? reject(request, rejection.get()) : append(client, request);
  }

  private Optional<Outcome> before(Request request) throws IOException {
    Decided here = decided.get(new Key(request.principal(), request.id()));
    if (here != null) {
      boolean same =
          here.appended.isEmpty()
              || isSame(request, here.appended.get().envelope, here.appended.get().salt);
      return Optional.of(same ? here.outcome : Outcome.of(OutcomeKind.ID_REUSED));
    }
    Optional<Outcome> earlier = ground.outcomes.find(request.principal(), request.id(), timeMicros);
    if (earlier.isEmpty() || earlier.get().kind() != OutcomeKind.COMMITTED) {
      return earlier;
    }
    long index = earlier.get().index();
    Envelope envelope = Envelope.parse(ground.store.envelope(index));
    if (isSame(request, envelope, request.payload().salt())) {
      return earlier;
    }
    // Of an erased payload nothing is left to compare with: what is recorded is answered
    boolean other =
        ground.store.payload(index) instanceof StoredPayload.Present(Bytes salt, Bytes content)
            && !isSame(request, envelope, salt);
    return other ? Optional.of(Outcome.of(OutcomeKind.ID_REUSED)) : earlier;
  }

  /** Whether it asks for what that entry is: its content under that entry's salt. */
  private static boolean isSame(Request request, Envelope envelope, Bytes salt) {
    Payload payload = request.payload();
    return request.kind() == RequestKind.APPEND
        && request.stream().equals(envelope.stream())
        && request.contentType().equals(envelope.contentType())
        && payload.content().size() == envelope.length()
        && commitment(payload, salt).equals(envelope.commitment());
  }

  private static Digest commitment(Payload payload, Bytes salt) {
    // The boundary has recomputed the one under the request's own salt
    return salt.equals(payload.salt())
        ? payload.commitment()
        : Payload.commitment(salt, payload.content());
  }

  private Optional<Rejection> rejection(Request request) {
    return switch (request.kind()) {
      case ADMIN -> Optional.of(Rejection.ORDERS);
      case ERASE -> Optional.of(Rejection.ERASURE);
      case APPEND, BARRIER -> {
        if (!Names.isContentType(request.contentType())) {
          yield Optional.of(Rejection.CONTENT_TYPE);
        }
        if (request.payload().content().size() > ground.genesis.parameters().payloadBytesMax()) {
          yield Optional.of(Rejection.PAYLOAD);
        }
        boolean room = streamsBefore + newStreams < StreamTable.STREAMS_MAX;
        yield room || streamCount(request.stream()) > 0
            ? Optional.empty()
            : Optional.of(Rejection.STREAMS);
      }
    };
  }

  private Outcome reject(Request request, Rejection rejection) {
    return remember(request, OutcomeKind.REJECTED, rejection.code(), Optional.empty());
  }

  private Outcome append(String client, Request request) {
    long streamIndex = streamCount(request.stream());
    Envelope envelope =
        new Envelope(
            client,
            request.payload().commitment(),
            request.contentType(),
            request.id(),
            EntryKind.EVENT,
            request.payload().content().size(),
            request.principal(),
            request.stream(),
            streamIndex,
            timeMicros);
    long index = storeSize + entries.size();
    Bytes salt = request.payload().salt();
    entries.add(new LedgerEntry(envelope.encode(), salt, request.payload().content()));
    postings.add(new Posting(request.stream(), streamIndex, index));
    streamCounts.put(request.stream(), streamIndex + 1);
    newStreams += streamIndex == 0 ? 1 : 0;
    return remember(
        request, OutcomeKind.COMMITTED, index, Optional.of(new Appended(envelope, salt)));
  }

  private long streamCount(String stream) {
    Long here = streamCounts.get(stream);
    return here == null ? ground.streams.count(stream) : here;
  }

  private Outcome remember(
      Request request, OutcomeKind kind, long index, Optional<Appended> appended) {
    long expires = timeMicros + 2 * deadlineMicrosMax;
    OutcomeRecord record =
        new OutcomeRecord(request.principal(), request.id(), kind, index, expires);
    records.add(record);
    decided.put(
        new Key(request.principal(), request.id()), new Decided(record.outcome(), appended));
    return record.outcome();
  }
}
