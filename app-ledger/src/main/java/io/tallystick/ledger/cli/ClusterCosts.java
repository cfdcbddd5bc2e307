package io.tallystick.ledger.cli;

import io.tallystick.config.Address;
import io.tallystick.config.ConfigException;
import io.tallystick.config.NodeConfig;
import io.tallystick.config.ReplicaConfig;
import io.tallystick.ledger.daemon.PidFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What the processes of a cluster on this machine have used so far: CPU time by {@code /proc},
 * journal syncs by the replicas' metrics.
 *
 * @param cpuSeconds of all processes together
 * @param journalSyncs of all replicas together
 */
record ClusterCosts(double cpuSeconds, double journalSyncs) {
  /** Ticks of {@code /proc/PID/stat}: every Linux that Java runs on has this many a second. */
  private static final double TICKS_PER_SECOND = 100;

  private static final String SYNCS = "bft_journal_sync_seconds_count";

  /** Reads them for the cluster in {@code directory} (as {@code init} and {@code dev} make it). */
  static ClusterCosts read(Path directory) throws IOException, ConfigException {
    List<Path> nodeFiles = new ArrayList<>();
    try (Stream<Path> inside = Files.list(directory)) {
      inside.map(path -> path.resolve("node.yaml")).filter(Files::exists).forEach(nodeFiles::add);
    }
    double cpuSeconds = 0;
    double syncs = 0;
    for (Path nodeFile : nodeFiles) {
      OptionalLong pid = PidFile.read(nodeFile);
      if (pid.isPresent()) {
        cpuSeconds += cpuSeconds(pid.getAsLong());
        if (NodeConfig.read(nodeFile) instanceof ReplicaConfig replica) {
          syncs += syncs(replica.adminAddress());
        }
      }
    }
    return new ClusterCosts(cpuSeconds, syncs);
  }

  ClusterCosts minus(ClusterCosts earlier) {
    return new ClusterCosts(cpuSeconds - earlier.cpuSeconds, journalSyncs - earlier.journalSyncs);
  }

  private static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    // The command's name, in parentheses, may hold blanks
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private static double syncs(Address admin) throws IOException {
    try (GatewayHttp http = new GatewayHttp(URI.create("http://" + admin + "/"), "")) {
      return http.get("metrics", Duration.ofSeconds(5))
          .text()
          .lines()
          .filter(line -> line.startsWith(SYNCS))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }
}
