package io.tallystick.ledger.gateway;

import io.tallystick.bft.message.Payload;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.crypto.note.TlogProof;
import io.tallystick.ledger.client.CommittedEntry;
import io.tallystick.ledger.client.HeadKeys;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.follower.VerifiedCopy;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import io.tallystick.ledger.receipt.HeadNote;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.store.StoredPayload;
import java.io.IOException;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads entries and receipts out of the verified copy, as JSON. Blocks on files. It knows what this
 * gateway saw committed, so that reads can wait for the copy to have it.
 */
final class Copies {
  /** How long a read waits for the copy to cover what is known to be committed. */
  private static final long COPY_MILLIS = 3_000;

  private final VerifiedCopy copy;
  private final HeadKeys keys;
  private final AtomicLong committedSize = new AtomicLong();

  Copies(VerifiedCopy copy, HeadKeys keys) {
    this.copy = copy;
    this.keys = keys;
  }

  VerifiedCopy copy() {
    return copy;
  }

  /** Remembers that the ledger has at least this size. */
  void committed(long size) {
    committedSize.accumulateAndGet(size, Math::max);
  }

  /** The largest size that this gateway saw committed. */
  long committedSize() {
    return committedSize.get();
  }

  /** Completes with true once the copy covers so many entries, else after a while with false. */
  CompletableFuture<Boolean> covers(long size) {
    return copy.covers(size, COPY_MILLIS);
  }

  /** Likewise for what this gateway saw committed: whoever appends here reads it here. */
  CompletableFuture<Boolean> settled() {
    return covers(committedSize());
  }

  /**
   * The newest head.
   *
   * @throws ProblemException while there is none yet
   */
  CopyHead head() {
    return copy.head()
        .orElseThrow(
            () ->
                Problem.retry(Problem.Kind.COPY_BEHIND, "no published head was seen yet", 1_000)
                    .exception());
  }

  /** The receipt of what the cluster just proved. */
  JsonObject receipt(CommittedEntry entry) {
    TlogProof proof =
        TlogProof.of(entry.proof(), HeadNote.of(entry.head(), keys.log(), keys.membership()));
    return new Receipt(entry.head().head().epoch(), entry.envelope(), entry.salt(), proof).json();
  }

  /** The proof of an entry at {@code head}, which covers it. */
  TlogProof proof(long index, CopyHead head) {
    return TlogProof.of(InclusionProof.build(copy.store(), index, head.size()), head.note());
  }

  /** The receipt of an entry that {@code head} covers; without salt if that is erased. */
  JsonObject receipt(long index, CopyHead head) throws IOException {
    JsonObject json = Receipt.json(head.epoch(), copy.store().envelope(index), proof(index, head));
    if (copy.store().payload(index) instanceof StoredPayload.Present(Bytes salt, Bytes content)) {
      json.put("salt", base64(salt));
    }
    return json;
  }

  /** An entry as it is read: envelope, payload and salt. */
  JsonObject entry(long index, Bytes envelope, StoredPayload payload) {
    JsonObject json =
        new JsonObject().put("index", Long.toString(index)).put("envelope", envelope.toUtf8());
    switch (payload) {
      case StoredPayload.Present(Bytes salt, Bytes content) ->
          json.put("payload", base64(content)).put("salt", base64(salt));
      case StoredPayload.Erased(long order) -> json.put("erased", Long.toString(order));
    }
    return json;
  }

  /**
   * Whether the entry is what somebody asks to append: same stream, type and payload. The payload
   * is compared through the commitment under the entry's own salt; an erased one counts as the
   * same.
   */
  boolean isSame(long index, String stream, String contentType, Bytes content) throws IOException {
    Envelope envelope = Envelope.parse(copy.store().envelope(index));
    boolean alike =
        envelope.stream().equals(stream)
            && envelope.contentType().equals(contentType)
            && envelope.length() == content.size();
    return alike
        && switch (copy.store().payload(index)) {
          case StoredPayload.Erased(long order) -> true;
          case StoredPayload.Present(Bytes salt, Bytes recorded) ->
              Payload.commitment(salt, content).equals(envelope.commitment());
        };
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.unsafeArray());
  }
}
