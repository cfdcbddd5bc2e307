package io.tallystick.network;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.bft.membership.Member;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.network.handshake.Announcement;
import io.tallystick.network.handshake.HighestVote;
import io.tallystick.network.handshake.LocalIdentity;
import io.tallystick.network.handshake.Party;
import io.tallystick.network.link.HostAddress;
import io.tallystick.network.settings.Backoff;
import io.tallystick.network.settings.ClientLimits;
import io.tallystick.network.settings.HandshakeSettings;
import io.tallystick.network.settings.NetworkSettings;
import io.tallystick.network.settings.SessionSettings;
import io.tallystick.network.settings.TransportSecurity;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Four replicas' keys, and clients'. */
public final class TestCluster {
  public static final Digest CLUSTER = Digest.sha256(Bytes.utf8("genesis"));
  public static final Parameters PARAMETERS = Parameters.defaults();
  public static final Membership MEMBERSHIP = membership();

  private TestCluster() {}

  private static Membership membership() {
    List<Member> members = new ArrayList<>();
    for (int id = 0; id < 4; id++) {
      members.add(
          new Member(
              new ReplicaId(id),
              replicaKey(id).publicKey(),
              key(100 + id).publicKey(),
              "r" + id + ".test"));
    }
    return new Membership(0, members);
  }

  public static PrivateKey key(int number) {
    byte[] seed = new byte[PrivateKey.LENGTH];
    Arrays.fill(seed, (byte) number);
    return PrivateKey.ofSeed(seed);
  }

  public static PrivateKey replicaKey(int id) {
    return key(1 + id);
  }

  public static PrivateKey clientKey(int number) {
    return key(200 + number);
  }

  public static Announcement announcement(long incarnation, int start) {
    byte[] startId = new byte[Announcement.START_ID_LENGTH];
    Arrays.fill(startId, (byte) start);
    return new Announcement(0, incarnation, Bytes.wrap(startId), new HighestVote(0, 3, 17));
  }

  public static LocalIdentity replica(int id) {
    return new LocalIdentity(
        new Party.Replica(new ReplicaId(id)),
        replicaKey(id),
        CLUSTER,
        MEMBERSHIP,
        () -> announcement(1, 1),
        new SecureRandom());
  }

  public static LocalIdentity client(int number) {
    PrivateKey key = clientKey(number);
    return new LocalIdentity(
        new Party.Client(key.publicKey()),
        key,
        CLUSTER,
        MEMBERSHIP,
        () -> Announcement.OF_CLIENT,
        new SecureRandom());
  }

  /** A replica whose peers listen at these ports; where none is given, nobody listens. */
  public static LocalReplica localReplica(int id, Map<Integer, Integer> ports) {
    return localReplica(id, ports, announcement(1, 1));
  }

  public static LocalReplica localReplica(
      int id, Map<Integer, Integer> ports, Announcement announcement) {
    return new LocalReplica(
        new ReplicaId(id),
        replicaKey(id),
        CLUSTER,
        MEMBERSHIP,
        PARAMETERS,
        new HostAddress("127.0.0.1", ports.getOrDefault(id, 0)),
        addresses(ports),
        () -> announcement);
  }

  public static LocalClient localClient(int number, Map<Integer, Integer> ports) {
    return new LocalClient(clientKey(number), CLUSTER, MEMBERSHIP, PARAMETERS, addresses(ports));
  }

  private static Map<ReplicaId, HostAddress> addresses(Map<Integer, Integer> ports) {
    Map<ReplicaId, HostAddress> addresses = new HashMap<>();
    for (ReplicaId id : MEMBERSHIP.ids()) {
      // Port 1 is privileged and nobody's: refused at once.
      addresses.put(id, new HostAddress("127.0.0.1", ports.getOrDefault(id.value(), 1)));
    }
    return addresses;
  }

  /** Short times, small threads, the default bounds. */
  public static NetworkSettings settings() {
    return new NetworkSettings(
        TransportSecurity.AUTOMATIC,
        HandshakeSettings.DEFAULTS,
        SessionSettings.OF_PEER,
        SessionSettings.OF_CLIENT,
        ClientLimits.DEFAULTS,
        new Backoff(5, 100),
        1,
        2);
  }

  /** How often something was counted, over all peers. */
  public static double count(MeterRegistry registry, String name, String reason) {
    return registry.find(name).tag("reason", reason).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /** How often an authentication failed for this reason. */
  public static double failures(MeterRegistry registry, String reason) {
    return count(registry, "bft_auth_failures_total", reason);
  }
}
