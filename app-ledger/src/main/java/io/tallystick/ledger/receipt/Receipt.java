package io.tallystick.ledger.receipt;

import static java.util.Objects.requireNonNull;

import io.tallystick.bft.membership.Quorums;
import io.tallystick.bft.message.Payload;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.Genesis;
import io.tallystick.config.JsonException;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.MalformedNoteException;
import io.tallystick.crypto.note.NoteSignature;
import io.tallystick.crypto.note.PolicyVerdict;
import io.tallystick.crypto.note.TlogPolicy;
import io.tallystick.crypto.note.TlogProof;
import io.tallystick.crypto.note.VerifierKey;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerTime;
import io.tallystick.ledger.entry.MalformedEntryException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Proof that an entry stands at its index of a ledger. Whatever repeats the envelope or the proof
 * agrees with it, in every value of this type; whether the signatures hold, {@link #check} tells.
 *
 * @param epoch whose members signed
 * @param envelope the leaf
 * @param salt of the commitment in the envelope
 * @param proof inclusion and the signed tree head
 */
public record Receipt(long epoch, Bytes envelope, Bytes salt, TlogProof proof) {
  /** Longest receipt in JSON, in bytes: an envelope and a proof, both escaped. */
  public static final int BYTES_MAX = 512 << 10;

  private static final String[] MEMBERS = {
    "envelope",
    "epoch",
    "id",
    "index",
    "leaf_hash",
    "proof",
    "salt",
    "stream",
    "stream_index",
    "time"
  };

  /**
   * Checks that it could be one of a ledger of ours: a plain checkpoint, nothing unauthenticated.
   *
   * @throws MalformedReceiptException when it couldn't
   */
  public Receipt {
    require(epoch >= 0, "epoch", epoch, ">= 0");
    require(
        salt.size() == Payload.SALT_LENGTH,
        "salt",
        salt.size() + " bytes",
        Payload.SALT_LENGTH + " bytes");
    require(proof.extra().isEmpty(), "proof", "an extra line", "none");
    require(!proof.checkpoint().hasExtensions(), "proof", "extension lines", "none");
    parsed(envelope);
  }

  /** What the leaf says. */
  public Envelope entry() {
    return parsed(envelope);
  }

  /** Where the entry is. */
  public long index() {
    return proof.inclusion().index();
  }

  /** The hash of the leaf. */
  public Digest leafHash() {
    return Envelope.leafHash(envelope);
  }

  /** The members of the JSON form. */
  public JsonObject json() {
    return json(epoch, envelope, proof).put("salt", base64(salt));
  }

  /** The members of the JSON form of an entry whose salt was erased: all the others. */
  public static JsonObject json(long epoch, Bytes envelope, TlogProof proof) {
    Envelope entry = parsed(envelope);
    return new JsonObject()
        .put("envelope", envelope.toUtf8())
        .put("epoch", Long.toString(epoch))
        .put("id", entry.id().toString())
        .put("index", Long.toString(proof.inclusion().index()))
        .put("leaf_hash", base64(Bytes.wrap(Envelope.leafHash(envelope).toArray())))
        .put("proof", proof.toString())
        .put("stream", entry.stream())
        .put("stream_index", Long.toString(entry.streamIndex()))
        .put("time", LedgerTime.format(entry.timeMicros()));
  }

  /** Canonical JSON. */
  @Override
  public String toString() {
    return CanonicalJson.text(json());
  }

  /**
   * Parses the JSON form, in any layout.
   *
   * @throws MalformedReceiptException when a member is missing, unknown, malformed, or contradicts
   *     envelope or proof
   */
  public static Receipt parse(Bytes json) {
    try {
      return of(CanonicalJson.parse(json, BYTES_MAX));
    } catch (JsonException e) {
      throw new MalformedReceiptException("receipt: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the JSON form.
   *
   * @throws MalformedReceiptException as {@link #parse}
   */
  public static Receipt of(JsonObject json) {
    try {
      json.allow(MEMBERS);
      Receipt receipt =
          new Receipt(
              json.decimal("epoch"),
              Bytes.utf8(json.text("envelope")),
              unbase64("salt", json.text("salt")),
              TlogProof.parse(json.text("proof")));
      JsonObject repeated = receipt.json();
      for (String member : MEMBERS) {
        String said = json.text(member);
        String meant = repeated.text(member);
        require(said.equals(meant), member, "\"" + said + "\"", "\"" + meant + "\"");
      }
      return receipt;
    } catch (JsonException | MalformedNoteException e) {
      throw new MalformedReceiptException("receipt: " + e.getMessage(), e);
    }
  }

  /** Whether this is the payload that the envelope commits to. */
  public boolean isOf(Bytes payload) {
    return Payload.commitment(salt, payload).equals(entry().commitment());
  }

  /** Checks it against a ledger's genesis: only receipts of epoch 0 can be. */
  public ReceiptVerdict check(Genesis genesis) {
    if (epoch != 0) {
      return new ReceiptVerdict.Refused(
          "epoch: " + epoch + " (expected: 0; a later one needs the policy of its epoch)");
    }
    return check(genesis.trust());
  }

  /**
   * Checks the signatures, each of them, and the inclusion.
   *
   * @param policy of the receipt's epoch; its one log, and replicas in the order of their ids
   */
  public ReceiptVerdict check(TlogPolicy policy) {
    String order = wrongLine(policy);
    if (!order.isEmpty()) {
      return new ReceiptVerdict.Refused(order);
    }
    return switch (proof.verify(policy, leafHash())) {
      case PolicyVerdict.Refused(var reason, String detail) ->
          new ReceiptVerdict.Refused(reason + ": " + detail);
      case PolicyVerdict.Accepted accepted -> holds(policy, accepted);
    };
  }

  private ReceiptVerdict holds(TlogPolicy policy, PolicyVerdict.Accepted accepted) {
    Checkpoint head = accepted.checkpoint();
    int position = Quorums.faulty(policy.witnesses().size()) + 1;
    long timeSeconds = accepted.timestampSeconds(position);
    long entrySeconds = entry().timeMicros() / 1_000_000;
    return timeSeconds < entrySeconds
        ? new ReceiptVerdict.Refused(
            "time: the head is of " + timeSeconds + " s, the entry of " + entrySeconds + " s")
        : new ReceiptVerdict.Holds(head.size(), timeSeconds);
  }

  /** The log's line, then lines of replicas in the policy's order, each once, and no others. */
  private String wrongLine(TlogPolicy policy) {
    List<VerifierKey> allowed = new ArrayList<>();
    policy.logs().forEach(log -> allowed.add(log.key()));
    policy.witnesses().forEach(witness -> allowed.add(witness.key()));
    int next = 0;
    for (NoteSignature line : proof.note().signatures()) {
      int at = next;
      while (at < allowed.size() && !allowed.get(at).names(line)) {
        at++;
      }
      if (at == allowed.size()) {
        return "line of " + line.name() + " (expected: known keys only, each once, in order)";
      }
      next = at + 1;
    }
    return "";
  }

  private static Envelope parsed(Bytes envelope) {
    try {
      return Envelope.parse(envelope);
    } catch (MalformedEntryException e) {
      throw new MalformedReceiptException("receipt: envelope: " + e.getMessage(), e);
    }
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.unsafeArray());
  }

  private static Bytes unbase64(String member, String text) {
    try {
      return Bytes.wrap(requireNonNull(Base64.getDecoder().decode(text)));
    } catch (IllegalArgumentException e) {
      throw new MalformedReceiptException("receipt: " + member + ": not base64", e);
    }
  }

  private static void require(boolean right, String what, Object found, String expected) {
    if (!right) {
      throw new MalformedReceiptException(
          "receipt: " + what + ": " + found + " (expected: " + expected + ")");
    }
  }
}
