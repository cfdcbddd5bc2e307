package io.tallystick.config;

import io.tallystick.bft.membership.Member;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.note.TlogPolicy;
import io.tallystick.crypto.note.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * What a cluster starts from: its name, its replicas with keys and addresses, its administrators,
 * first grants, and parameters. The SHA-256 of its canonical bytes is the cluster's id, and these
 * bytes are the payload of entry 0.
 *
 * <p>A value of this type has been checked whole: 4 to 13 replicas; ids, keys and addresses all
 * different; every parameter in its range and consistent with the others.
 */
public final class Genesis {
  /** Largest genesis.json, in bytes. */
  public static final int BYTES_MAX = 1 << 20;

  private final Contents contents;
  private final Bytes bytes;
  private final Digest hash;

  Genesis(Contents contents, Bytes bytes) {
    this.contents = contents;
    this.bytes = bytes;
    this.hash = Digest.sha256(bytes);
  }

  /**
   * What genesis says, before it has been checked.
   *
   * @param origin the ledger's name, a URL without a scheme
   * @param timeMicros ledger time of entry 0
   * @param logKey the ledger's log key, named as the origin
   * @param replicas in ascending order of their ids
   * @param administrators who may order changes
   * @param grants what clients may do from the start
   * @param parameters what all replicas must agree on
   */
  public record Contents(
      String origin,
      long timeMicros,
      PublicKey logKey,
      List<GenesisReplica> replicas,
      Administrators administrators,
      List<GrantSpec> grants,
      Parameters parameters) {
    /** Copies the lists. */
    public Contents {
      replicas = List.copyOf(replicas);
      grants = List.copyOf(grants);
    }
  }

  /** Checks {@code contents}, and lays down their bytes. */
  public static Genesis of(Contents contents) throws JsonException {
    return parse(CanonicalJson.write(GenesisJson.write(contents)));
  }

  /** Reads and checks the bytes of a genesis.json; strict in every respect. */
  public static Genesis parse(Bytes bytes) throws JsonException {
    return new Genesis(GenesisJson.read(CanonicalJson.parseCanonical(bytes, BYTES_MAX)), bytes);
  }

  /** Reads and checks a file. */
  public static Genesis read(Path file) throws ConfigException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new ConfigException(
            file, 0, "over " + BYTES_MAX + " bytes (expected: a genesis.json)");
      }
      return parse(Bytes.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new ConfigException(file, 0, "can't be read (" + reason(e) + ")");
    } catch (JsonException e) {
      throw new ConfigException(file, e);
    }
  }

  static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "no such file" : e.toString();
  }

  /** Writes the canonical bytes. */
  public void write(Path file) throws IOException {
    Files.write(file, bytes.unsafeArray());
  }

  /** The canonical bytes. */
  public Bytes bytes() {
    return bytes;
  }

  /** SHA-256 of the bytes: the cluster's id. */
  public Digest hash() {
    return hash;
  }

  /** The ledger's name. */
  public String origin() {
    return contents.origin();
  }

  /** Ledger time of entry 0, in microseconds since 1970. */
  public long timeMicros() {
    return contents.timeMicros();
  }

  /** The log key; its key name is {@link #origin}. */
  public PublicKey logKey() {
    return contents.logKey();
  }

  /** The log key in the notation of signed notes. */
  public VerifierKey logVkey() {
    return VerifierKey.log(origin(), logKey());
  }

  /** The replicas, in ascending order of their ids. */
  public List<GenesisReplica> replicas() {
    return contents.replicas();
  }

  /** Who may order changes. */
  public Administrators administrators() {
    return contents.administrators();
  }

  /** What clients may do from the start. */
  public List<GrantSpec> grants() {
    return contents.grants();
  }

  /** What all replicas must agree on. */
  public Parameters parameters() {
    return contents.parameters();
  }

  /** The members of epoch 0. */
  public Membership membership() {
    List<Member> members = replicas().stream().map(GenesisReplica::member).toList();
    return new Membership(0, members);
  }

  /** The trust policy of epoch 0, as a tlog-policy file. */
  public String policy() {
    return trust().toString();
  }

  /** The trust policy of epoch 0: the log line, and cosignatures of a quorum. */
  public TlogPolicy trust() {
    TreeMap<Integer, VerifierKey> cosigners = new TreeMap<>();
    for (GenesisReplica replica : replicas()) {
      cosigners.put(replica.id().value(), replica.cosignatureVkey());
    }
    return TlogPolicy.ofReplicas(logVkey(), cosigners, membership().quorum());
  }

  /** Whether the bytes are the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Genesis genesis && bytes.equals(genesis.bytes);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return "Genesis(" + origin() + ", " + hash + ")";
  }
}
