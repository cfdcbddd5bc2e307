package io.tallystick.config;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.PublicKey;
import java.nio.file.Path;
import java.util.Map;

/**
 * How one replica runs.
 *
 * @param id which replica of genesis it is
 * @param keyFiles where its keys are
 * @param dataDirectory where its journal and store are; its alone
 * @param listen where peers and clients reach it; by default the address in genesis
 * @param adminAddress where metrics and health are served
 * @param addresses of all replicas, by id
 * @param storage bounds of its journal and disk
 * @param admission what it admits before it refuses
 * @param network bounds of its links
 */
public record ReplicaConfig(
    Path file,
    Genesis genesis,
    ReplicaId id,
    KeyFiles keyFiles,
    Path dataDirectory,
    Address listen,
    Address adminAddress,
    Map<Integer, Address> addresses,
    Storage storage,
    Admission admission,
    TransportConfig network,
    Effective effective)
    implements NodeConfig {

  /** Where a replica's private keys are: for statements, for heads, and the ledger's log key. */
  public record KeyFiles(Path identity, Path cosignature, Path log) {}

  /**
   * Bounds of journal and disk.
   *
   * @param journalSegmentBytes size that journal files are preallocated to
   * @param freeBytesMin below so much free space it stops voting, and keeps serving reads
   */
  public record Storage(long journalSegmentBytes, long freeBytesMin) {}

  /**
   * What a replica admits; what was ordered is executed whoever admitted it.
   *
   * @param clientBytesMax pending bytes of one client
   * @param clientRequestsMax pending requests of one client
   * @param totalBytesMax pending bytes of all
   * @param totalRequestsMax pending requests of all
   * @param retryMillis when a refused client may try again
   */
  public record Admission(
      long clientBytesMax,
      int clientRequestsMax,
      long totalBytesMax,
      int totalRequestsMax,
      long retryMillis) {}

  static ReplicaConfig of(Path file, YamlSection yaml, Genesis genesis) throws ConfigException {
    KeyFiles keyFiles =
        new KeyFiles(
            yaml.path("identity_key", "identity.pem"),
            yaml.path("cosignature_key", "cosignature.pem"),
            yaml.path("log_key", "log.pem"));
    GenesisReplica replica = replica(yaml, genesis, keyFiles.identity());
    Path data = yaml.path("data", "data");
    Address listen = yaml.address("listen", replica.address());
    Address admin = yaml.address("admin_address", new Address("127.0.0.1", 0));
    Map<Integer, Address> addresses = NodeConfig.addresses(yaml, genesis);
    Storage storage = storage(yaml);
    Admission admission = admission(yaml);
    TransportConfig network = TransportConfig.of(yaml);
    yaml.done();
    return new ReplicaConfig(
        file,
        genesis,
        replica.id(),
        keyFiles,
        data,
        listen,
        admin,
        addresses,
        storage,
        admission,
        network,
        Effective.of(yaml, genesis));
  }

  /** The replica that {@code id} names; without it, the one whose identity key is there. */
  private static GenesisReplica replica(YamlSection yaml, Genesis genesis, Path identityKey)
      throws ConfigException {
    boolean named = yaml.has("id");
    int number = named ? (int) yaml.requiredWhole("id", 0, ReplicaId.VALUE_MAX) : -1;
    PublicKey key = named ? genesis.logKey() : NodeKeys.read(identityKey).publicKey();
    for (GenesisReplica replica : genesis.replicas()) {
      if (replica.id().value() == number || replica.member().identityKey().equals(key)) {
        yaml.own("id", replica.id().value());
        return replica;
      }
    }
    throw yaml.unfit(
        "id",
        named
            ? number + " (expected: one of " + genesis.membership().ids() + " of genesis)"
            : "missing, and no replica of genesis has the key in " + identityKey);
  }

  private static Storage storage(YamlSection yaml) throws ConfigException {
    YamlSection section = yaml.section("storage");
    Storage storage =
        new Storage(
            section.whole("journal_segment_bytes", 1 << 20, 1L << 32, 64 << 20),
            section.whole("free_bytes_min", 1 << 20, 1L << 50, 256 << 20));
    section.done();
    return storage;
  }

  private static Admission admission(YamlSection yaml) throws ConfigException {
    YamlSection section = yaml.section("admission");
    Admission admission =
        new Admission(
            section.whole("client_bytes_max", 1 << 16, 1L << 40, 32 << 20),
            (int) section.whole("client_requests_max", 1, 1 << 24, 8_192),
            section.whole("total_bytes_max", 1 << 16, 1L << 40, 96 << 20),
            (int) section.whole("total_requests_max", 1, 1 << 24, 32_768),
            section.whole("retry_millis", 1, 60_000, 200));
    section.done();
    if (admission.totalBytesMax() < admission.clientBytesMax()) {
      throw section.unfit(
          "total_bytes_max", admission.totalBytesMax() + " (expected: at least client_bytes_max)");
    }
    return admission;
  }
}
