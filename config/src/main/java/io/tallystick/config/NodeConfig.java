package io.tallystick.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How one node runs: a YAML file, checked whole together with the genesis that it names (design
 * 16). Unknown keys are refused; every value but names of files has a safe default; what is
 * insecure must be spelled out.
 */
public sealed interface NodeConfig permits ReplicaConfig, GatewayConfig, ClientConfig {

  /** The file it was read from. */
  Path file();

  /** The cluster. */
  Genesis genesis();

  /** Every value, given or by default, and the hash of them. */
  Effective effective();

  /** Reads a file of any kind; its key {@code kind} says which. */
  static NodeConfig read(Path file) throws ConfigException {
    YamlSection yaml = YamlFile.read(file);
    String kind = yaml.text("kind");
    Genesis genesis = Genesis.read(yaml.path("genesis", "../genesis.json"));
    return switch (kind) {
      case "replica" -> ReplicaConfig.of(file, yaml, genesis);
      case "gateway" -> GatewayConfig.of(file, yaml, genesis);
      case "client" -> ClientConfig.of(file, yaml, genesis);
      default -> throw yaml.unfit("kind", kind + " (expected: replica, gateway or client)");
    };
  }

  /** Reads a file that must be of the given kind. */
  static <T extends NodeConfig> T read(Path file, Class<T> kind) throws ConfigException {
    NodeConfig config = read(file);
    if (!kind.isInstance(config)) {
      throw new ConfigException(
          file, 1, "kind: of another kind of node (expected: " + kind.getSimpleName() + ")");
    }
    return kind.cast(config);
  }

  /** The addresses of genesis, with those of the section {@code addresses} in their place. */
  static Map<Integer, Address> addresses(YamlSection yaml, Genesis genesis) throws ConfigException {
    Map<Integer, Address> addresses = new TreeMap<>();
    for (GenesisReplica replica : genesis.replicas()) {
      addresses.put(replica.id().value(), replica.address());
    }
    List<Integer> ids = List.copyOf(addresses.keySet());
    addresses.putAll(yaml.addresses("addresses", ids));
    return Map.copyOf(addresses);
  }
}
