package io.tallystick.bft.host;

import io.tallystick.bft.engine.ReplicaSettings;
import io.tallystick.bft.journal.Disk;
import io.tallystick.bft.membership.Member;
import io.tallystick.bft.membership.ReplicaId;
import java.nio.file.Path;

/**
 * What a host runs, and where.
 *
 * @param replica who it is, in which cluster, within which limits
 * @param origin the ledger's name, on the first line of every head
 * @param dataDirectory locked while the host is open; holds journal, archive and evidence
 * @param limits what it keeps and queues
 * @param version of the software, for whoever asks
 * @param clock where time is read
 * @param disk where files are
 */
public record HostConfig(
    ReplicaSettings replica,
    String origin,
    Path dataDirectory,
    HostLimits limits,
    String version,
    HostClock clock,
    Disk disk) {

  /** With this machine's clock and disk. */
  public HostConfig(
      ReplicaSettings replica,
      String origin,
      Path dataDirectory,
      HostLimits limits,
      String version) {
    this(replica, origin, dataDirectory, limits, version, HostClock.system(), Disk.real());
  }

  ReplicaId self() {
    return replica.self();
  }

  Member member() {
    return replica.membership().member(self()).orElseThrow();
  }
}
