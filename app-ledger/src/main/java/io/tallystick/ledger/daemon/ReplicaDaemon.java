package io.tallystick.ledger.daemon;

import io.tallystick.bft.engine.AdmissionLimits;
import io.tallystick.bft.engine.ReplicaSettings;
import io.tallystick.bft.engine.ReplicaSummary;
import io.tallystick.bft.engine.TransferLimits;
import io.tallystick.bft.host.HostConfig;
import io.tallystick.bft.host.HostKeys;
import io.tallystick.bft.host.HostLimits;
import io.tallystick.bft.host.LostDiskException;
import io.tallystick.bft.host.ReplicaHost;
import io.tallystick.bft.host.VotedUpTo;
import io.tallystick.bft.journal.DamagedJournalException;
import io.tallystick.config.ConfigException;
import io.tallystick.config.Genesis;
import io.tallystick.config.NodeConfig;
import io.tallystick.config.NodeKeys;
import io.tallystick.config.ReplicaConfig;
import io.tallystick.ledger.cli.ExitStatus;
import io.tallystick.ledger.cli.Version;
import io.tallystick.ledger.state.LedgerStateMachine;
import io.tallystick.ledger.store.DamagedStoreException;
import io.tallystick.network.LocalReplica;
import io.tallystick.network.ReplicaNetwork;
import io.tallystick.network.handshake.Announcement;
import io.tallystick.network.handshake.HighestVote;
import io.tallystick.network.link.BindFailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A replica as a process: {@code tally replica}. */
public final class ReplicaDaemon extends NodeProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaDaemon.class);

  private final Path nodeFile;

  private ReplicaDaemon(Path nodeFile) {
    this.nodeFile = nodeFile;
  }

  /** Runs the replica of a node file until the process is to end; returns the exit status. */
  public static int run(Path nodeFile) throws InterruptedException, ConfigException {
    return new ReplicaDaemon(nodeFile).run();
  }

  @Override
  void open() throws IOException, ConfigException {
    ReplicaConfig config = NodeConfig.read(nodeFile, ReplicaConfig.class);
    NodeKeys.OfReplica keys = NodeKeys.read(config);
    Genesis genesis = config.genesis();
    part(DirectoryLock.lock(config.dataDirectory()));
    part(PidFile.write(nodeFile));
    observe(config.effective());

    LedgerStateMachine machine =
        LedgerStateMachine.open(config.dataDirectory().resolve("ledger"), genesis);
    ReplicaHost host = openHost(config, keys, machine);
    LocalReplica local =
        new LocalReplica(
            config.id(),
            keys.identity(),
            genesis.hash(),
            genesis.membership(),
            genesis.parameters(),
            Links.host(config.listen()),
            Links.hosts(config.addresses()),
            () -> announcement(host));
    ReplicaNetwork network =
        part(new ReplicaNetwork(local, Links.settings(config.network()), meters()));
    host.start(network);
    network.start(host);
    AdminServer admin =
        part(AdminServer.start(config.adminAddress(), meters(), () -> unready(host)));
    LOG.info(
        "replica {} of {} at {}, admin port {}, executed {}",
        config.id(),
        genesis.origin(),
        config.listen(),
        admin.port(),
        machine.state().seq());
  }

  private ReplicaHost openHost(
      ReplicaConfig config, NodeKeys.OfReplica keys, LedgerStateMachine machine)
      throws IOException {
    try {
      return part(
          ReplicaHost.open(
              host(config),
              new HostKeys(keys.identity(), keys.cosignature(), keys.log()),
              machine,
              meters(),
              this::fail));
    } catch (IOException | RuntimeException e) {
      machine.close(); // the host owns it only once it is open
      throw e;
    }
  }

  private static HostConfig host(ReplicaConfig config) {
    Genesis genesis = config.genesis();
    ReplicaConfig.Admission admission = config.admission();
    HostLimits limits = HostLimits.defaults();
    return new HostConfig(
        new ReplicaSettings(
            config.id(),
            genesis.hash(),
            genesis.membership(),
            genesis.parameters(),
            new AdmissionLimits(
                admission.clientBytesMax(),
                admission.clientRequestsMax(),
                admission.totalBytesMax(),
                admission.totalRequestsMax(),
                admission.retryMillis()),
            TransferLimits.defaults()),
        genesis.origin(),
        config.dataDirectory(),
        new HostLimits(
            limits.laneEvents(),
            limits.laneBytes(),
            limits.replies(),
            limits.replyBytes(),
            limits.reads(),
            limits.archiveReads(),
            limits.evidenceFiles(),
            config.storage().journalSegmentBytes(),
            config.storage().freeBytesMin()),
        Version.text());
  }

  private static Announcement announcement(ReplicaHost host) {
    VotedUpTo voted = host.voted();
    return new Announcement(
        voted.epoch(),
        host.incarnation(),
        host.startId(),
        new HighestVote(voted.epoch(), voted.view(), voted.seq()));
  }

  private static Optional<String> unready(ReplicaHost host) {
    ReplicaSummary summary = host.summary();
    return summary.voting()
        ? Optional.empty()
        : Optional.of(summary.quarantined() ? "quarantined: a person must look" : "not voting");
  }

  @Override
  int statusOf(IOException failure) {
    return switch (failure) {
      case BindFailedException e -> ExitStatus.USAGE;
      case LostDiskException e -> ExitStatus.PERSON_NEEDED;
      case DamagedJournalException e -> ExitStatus.PERSON_NEEDED;
      case DamagedStoreException e -> ExitStatus.PERSON_NEEDED;
      default -> ExitStatus.PERSON_NEEDED;
    };
  }
}
