package io.tallystick.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * How a direct client reaches a cluster.
 *
 * @param keyFile its private key, which a grant names
 * @param principal for whom it speaks
 * @param addresses of all replicas, by id
 * @param network bounds of its links
 */
public record ClientConfig(
    Path file,
    Genesis genesis,
    Path keyFile,
    String principal,
    Map<Integer, Address> addresses,
    TransportConfig network,
    Effective effective)
    implements NodeConfig {

  static ClientConfig of(Path file, YamlSection yaml, Genesis genesis) throws ConfigException {
    Path key = yaml.path("client_key", "client.pem");
    String principal = yaml.text("principal");
    Map<Integer, Address> addresses = NodeConfig.addresses(yaml, genesis);
    TransportConfig network = TransportConfig.of(yaml);
    yaml.done();
    return new ClientConfig(
        file, genesis, key, principal, addresses, network, Effective.of(yaml, genesis));
  }
}
