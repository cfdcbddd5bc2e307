package io.tallystick.ledger.daemon;

import io.tallystick.config.ConfigException;
import io.tallystick.config.GatewayConfig;
import io.tallystick.config.Genesis;
import io.tallystick.config.NodeConfig;
import io.tallystick.config.NodeKeys;
import io.tallystick.ledger.cli.ExitStatus;
import io.tallystick.ledger.client.ClientSettings;
import io.tallystick.ledger.client.Ledger;
import io.tallystick.ledger.client.LedgerClient;
import io.tallystick.ledger.follower.Follower;
import io.tallystick.ledger.follower.FollowerSettings;
import io.tallystick.ledger.gateway.Gateway;
import io.tallystick.ledger.store.DamagedStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway as a process: {@code tally gateway}. */
public final class GatewayDaemon extends NodeProcess {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayDaemon.class);

  private final Path nodeFile;

  private GatewayDaemon(Path nodeFile) {
    this.nodeFile = nodeFile;
  }

  /** Runs the gateway of a node file until the process is to end; returns the exit status. */
  public static int run(Path nodeFile) throws InterruptedException, ConfigException {
    return new GatewayDaemon(nodeFile).run();
  }

  @Override
  void open() throws IOException, ConfigException {
    GatewayConfig config = NodeConfig.read(nodeFile, GatewayConfig.class);
    NodeKeys.OfGateway keys = NodeKeys.read(config);
    Genesis genesis = config.genesis();
    part(DirectoryLock.lock(config.dataDirectory()));
    part(PidFile.write(nodeFile));
    observe(config.effective());

    LedgerClient.Cluster cluster = Links.cluster(genesis, keys.client());
    LedgerClient client =
        part(
            LedgerClient.start(
                cluster,
                ClientSettings.of(genesis.parameters()),
                Links.opener(cluster, config.addresses(), config.network(), meters()),
                meters()));
    Follower follower =
        part(
            Follower.start(
                config.dataDirectory().resolve("copy"),
                genesis,
                client,
                FollowerSettings.DEFAULTS,
                meters()));
    Gateway gateway = part(serve(config, keys, client, follower));
    LOG.info("gateway of {} at {}, port {}", genesis.origin(), config.listen(), gateway.port());
  }

  private Gateway serve(
      GatewayConfig config, NodeKeys.OfGateway keys, Ledger ledger, Follower follower) {
    try {
      return Gateway.start(
          Gateway.Setup.of(config, keys.token().publicKey()), ledger, follower, meters());
    } catch (CompletionException e) {
      throw AdminServer.inUse("listen", config.listen(), e);
    }
  }

  @Override
  int statusOf(IOException failure) {
    return failure instanceof DamagedStoreException ? ExitStatus.PERSON_NEEDED : ExitStatus.FAILED;
  }
}
