package io.tallystick.config;

import io.tallystick.bft.membership.Member;
import io.tallystick.crypto.KeyFile;
import io.tallystick.crypto.KeyFileException;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.PublicKey;
import java.nio.file.Path;

/**
 * The private keys of nodes, read from the files that their configuration names. A file that others
 * can read is refused, and so is a key whose public half isn't the one in genesis.
 */
public final class NodeKeys {
  private NodeKeys() {}

  /** A replica's: for statements and handshakes, for heads, and the ledger's log key. */
  public record OfReplica(PrivateKey identity, PrivateKey cosignature, PrivateKey log) {}

  /** A gateway's: the one that signs its bundles, and the one that signs tokens. */
  public record OfGateway(PrivateKey client, PrivateKey token) {}

  /** Reads a replica's keys. */
  public static OfReplica read(ReplicaConfig config) throws ConfigException {
    Member member = config.genesis().membership().member(config.id()).orElseThrow();
    ReplicaConfig.KeyFiles files = config.keyFiles();
    String whose = " of replica " + config.id().value();
    return new OfReplica(
        matching(files.identity(), member.identityKey(), "identity key" + whose),
        matching(files.cosignature(), member.cosignatureKey(), "cosignature key" + whose),
        matching(files.log(), config.genesis().logKey(), "log key"));
  }

  /** Reads a gateway's keys. */
  public static OfGateway read(GatewayConfig config) throws ConfigException {
    return new OfGateway(read(config.keyFiles().client()), read(config.keyFiles().token()));
  }

  /** Reads a direct client's key. */
  public static PrivateKey read(ClientConfig config) throws ConfigException {
    return read(config.keyFile());
  }

  /** Reads one private key. */
  public static PrivateKey read(Path file) throws ConfigException {
    try {
      return KeyFile.read(file);
    } catch (KeyFileException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static PrivateKey matching(Path file, PublicKey expected, String use)
      throws ConfigException {
    PrivateKey key = read(file);
    if (!key.publicKey().equals(expected)) {
      throw new ConfigException(
          file,
          0,
          "private half of "
              + key.publicKey()
              + " (expected: of "
              + expected
              + ", the "
              + use
              + " in genesis)");
    }
    return key;
  }
}
