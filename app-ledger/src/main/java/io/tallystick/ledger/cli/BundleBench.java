package io.tallystick.ledger.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tallystick.bft.message.RequestId;
import io.tallystick.config.ClientConfig;
import io.tallystick.config.ConfigException;
import io.tallystick.config.NodeKeys;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.client.ClientSettings;
import io.tallystick.ledger.client.LedgerClient;
import io.tallystick.ledger.client.Submission;
import io.tallystick.ledger.client.SubmitResult;
import io.tallystick.ledger.daemon.Links;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/** Appends through a client of our own, which groups its callers' requests into bundles. */
final class BundleBench implements BenchTarget {
  private static final long WAIT_SECONDS = 60;
  private static final String JSON = "application/json";

  private final LedgerClient client;
  private final String principal;
  private final String stream;
  private final SecureRandom random = new SecureRandom();

  BundleBench(ClientConfig config, String stream) throws ConfigException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    LedgerClient.Cluster cluster = Links.cluster(config.genesis(), NodeKeys.read(config));
    this.client =
        LedgerClient.start(
            cluster,
            ClientSettings.of(config.genesis().parameters()),
            Links.opener(cluster, config.addresses(), config.network(), meters),
            meters);
    this.principal = config.principal();
    this.stream = stream;
  }

  @Override
  public boolean append(Bytes payload) throws Exception {
    byte[] id = new byte[RequestId.LENGTH];
    random.nextBytes(id);
    Submission submission =
        Submission.append(principal, new RequestId(Bytes.wrap(id)), stream, JSON, payload);
    return client.submit(submission).result().get(WAIT_SECONDS, TimeUnit.SECONDS)
        instanceof SubmitResult.Committed;
  }

  @Override
  public void close() {
    client.close();
  }
}
