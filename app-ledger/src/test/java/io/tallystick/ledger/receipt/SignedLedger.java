package io.tallystick.ledger.receipt;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.config.Address;
import io.tallystick.config.Administrators;
import io.tallystick.config.Genesis;
import io.tallystick.config.GenesisReplica;
import io.tallystick.config.GrantSpec;
import io.tallystick.config.JsonException;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.Cosignature;
import io.tallystick.crypto.note.TlogProof;
import io.tallystick.ledger.entry.EntryKind;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerEntry;
import io.tallystick.ledger.entry.SystemEntry;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.StreamTable;
import io.tallystick.ledger.store.StreamTable.Posting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A ledger that all keys of are at hand: appends entries, signs heads, without replicas. */
public final class SignedLedger implements AutoCloseable {
  /** Its name. */
  public static final String ORIGIN = "ledger.example/test";

  /** Ledger time of genesis; each entry is a second later than the one before. */
  public static final long START_MICROS = 1_795_421_520_000_000L;

  private final Genesis genesis;
  private final LedgerStore store;
  private final StreamTable streams;
  private final int lines;

  /** A ledger of {@code n} replicas, whose heads bear {@code lines} cosignatures. */
  public SignedLedger(Path directory, int n, int lines) throws IOException {
    this.genesis = genesis(n, Parameters.defaults());
    this.lines = lines;
    this.store = LedgerStore.open(directory.resolve("store"));
    this.streams = StreamTable.open(directory.resolve("streams"), store);
    add(SystemEntry.genesis(genesis.bytes(), START_MICROS), "_system", 0);
  }

  /** The key of that number: 0 to 12 identities, from 20 cosignatures, 90 the log's. */
  public static PrivateKey key(int number) {
    return PrivateKey.ofSeed(Digest.sha256(new byte[] {(byte) number}).toArray());
  }

  /** A genesis with these keys. */
  public static Genesis genesis(int n, Parameters parameters) {
    List<GenesisReplica> replicas = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      replicas.add(
          GenesisReplica.of(
              new ReplicaId(i),
              ORIGIN,
              key(i).publicKey(),
              key(20 + i).publicKey(),
              new Address("127.0.0.1", 9100 + i)));
    }
    try {
      return Genesis.of(
          new Genesis.Contents(
              ORIGIN,
              START_MICROS,
              key(90).publicKey(),
              replicas,
              new Administrators(List.of(key(91).publicKey()), 1),
              GrantSpec.everything(key(92).publicKey(), GrantSpec.Role.APPEND),
              parameters));
    } catch (JsonException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its genesis. */
  public Genesis genesis() {
    return genesis;
  }

  /** Its entries. */
  public LedgerStore store() {
    return store;
  }

  /** Its streams. */
  public StreamTable streams() {
    return streams;
  }

  private void add(LedgerEntry entry, String stream, long number) throws IOException {
    long index = store.size();
    store.append(List.of(entry));
    streams.add(List.of(new Posting(stream, number, index)));
  }

  /** Appends an entry; its time is a second after the one before. */
  public synchronized long append(
      String principal, RequestId id, String stream, String contentType, Payload payload)
      throws IOException {
    long index = store.size();
    Envelope envelope =
        new Envelope(
            key(92).publicKey().fingerprint(),
            payload.commitment(),
            contentType,
            id,
            EntryKind.EVENT,
            payload.content().size(),
            principal,
            stream,
            streams.count(stream),
            timeMicros(index));
    add(
        new LedgerEntry(envelope.encode(), payload.salt(), payload.content()),
        stream,
        envelope.streamIndex());
    return index;
  }

  /** Ledger time of the entry at an index. */
  public static long timeMicros(long index) {
    return START_MICROS + index * 1_000_000;
  }

  /** The head of the first {@code size} entries, signed. */
  public LoggedHead head(long size) {
    return sign(new TreeHead(size, store.rootAt(size)), timeMicros(size) / 1_000_000);
  }

  /** Signs any head. */
  public LoggedHead sign(TreeHead head, long timeSeconds) {
    String text = Checkpoint.of(ORIGIN, head.size(), head.root()).text();
    List<HeadCosignature> signed = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      Cosignature line = Cosignature.sign(key(20 + i), timeSeconds, text);
      signed.add(new HeadCosignature(new ReplicaId(i), head, timeSeconds, line.signature()));
    }
    return new LoggedHead(
        new PublishedHead(0, head, signed),
        Ed25519.sign(key(90), text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The receipt of an entry in the tree of a size. */
  public Receipt receipt(long index, long size, Bytes salt) throws IOException {
    Membership membership = genesis.membership();
    TlogProof proof =
        TlogProof.of(
            InclusionProof.build(store, index, size),
            HeadNote.of(head(size), genesis.logVkey(), membership));
    return new Receipt(0, store.envelope(index), salt, proof);
  }

  @Override
  public void close() throws IOException {
    streams.close();
    store.close();
  }
}
