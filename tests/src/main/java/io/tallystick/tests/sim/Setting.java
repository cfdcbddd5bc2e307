package io.tallystick.tests.sim;

import io.tallystick.bft.engine.AdmissionLimits;
import io.tallystick.bft.engine.ReplicaSettings;
import io.tallystick.bft.engine.TransferLimits;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.config.Address;
import io.tallystick.config.Administrators;
import io.tallystick.config.Genesis;
import io.tallystick.config.GenesisReplica;
import io.tallystick.config.GrantSpec;
import io.tallystick.config.GrantSpec.Role;
import io.tallystick.config.JsonException;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.PublicKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cluster as its genesis describes it: members, clients, parameters. The same for all runs of one
 * size and one choice of parameters; immutable, for any thread.
 */
public final class Setting {
  /** Clients with grants; the one after them has none. */
  public static final int CLIENTS = 3;

  /** When it all begins. */
  public static final long GENESIS_MICROS = 1_900_000_000_000_000L;

  private static final String ORIGIN = "ledger.example/simulated";
  private static final int IDENTITY = 1_000;
  private static final int COSIGNER = 2_000;
  private static final int LOG = 3_000;
  private static final int CLIENT = 4_000;
  private static final int ADMINISTRATOR = 5_000;
  private static final ConcurrentHashMap<Integer, Setting> CACHE = new ConcurrentHashMap<>();

  private final Genesis genesis;
  private final Membership membership;
  private final AdmissionLimits admission;
  private final TransferLimits transfer;
  private final List<PublicKey> clients = new ArrayList<>();

  private Setting(int n, int choice) {
    List<GenesisReplica> replicas = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      replicas.add(
          GenesisReplica.of(
              new ReplicaId(idOf(i)),
              ORIGIN,
              key(IDENTITY + i).publicKey(),
              key(COSIGNER + i).publicKey(),
              new Address("127.0.0.1", 9_100 + i)));
    }
    List<GrantSpec> grants = new ArrayList<>();
    for (int i = 0; i <= CLIENTS; i++) {
      clients.add(key(CLIENT + i).publicKey());
      if (i < CLIENTS) {
        Role more = i == 0 ? Role.ADMIN : Role.READ;
        grants.addAll(GrantSpec.everything(clients.get(i), Role.APPEND, more));
      }
    }
    try {
      genesis =
          Genesis.of(
              new Genesis.Contents(
                  ORIGIN,
                  GENESIS_MICROS,
                  key(LOG).publicKey(),
                  replicas,
                  new Administrators(List.of(key(ADMINISTRATOR).publicKey()), 1),
                  grants,
                  parameters(choice)));
    } catch (JsonException e) {
      throw new IllegalStateException("genesis of " + n + " replicas", e);
    }
    membership = genesis.membership();
    admission =
        choice == 2
            ? new AdmissionLimits(8 << 10, 12, 16 << 10, 24, 300)
            : new AdmissionLimits(64 << 10, 64, 192 << 10, 192, 200);
    transfer = new TransferLimits(choice == 1 ? 700 : 400, 16, 16, 16, 1 << 18, 4 << 20);
  }

  /** How many choices of parameters there are. */
  static final int CHOICES = 4;

  private static Parameters parameters(int choice) {
    int interval = new int[] {8, 16, 4, 8}[choice];
    int window = new int[] {16, 64, 8, 32}[choice];
    int pipeline = new int[] {4, 4, 2, 1}[choice];
    int idleMillis = new int[] {1_000, 1_500, 700, 2_000}[choice];
    int bundles = new int[] {8, 16, 2, 8}[choice];
    return new Parameters(
        interval,
        30,
        window,
        pipeline,
        16,
        2_000,
        idleMillis,
        1_500,
        2_000,
        60_000,
        100_000,
        1 << 12,
        8,
        1 << 14,
        bundles,
        8 * bundles,
        (1 << 14) + (8 << 10),
        8);
  }

  /** The setting of that size and that choice of parameters. */
  public static Setting of(int n, int choice) {
    return CACHE.computeIfAbsent(n * CHOICES + choice, _ -> new Setting(n, choice));
  }

  private static PrivateKey key(int seed) {
    return PrivateKey.ofSeed(ByteBuffer.allocate(32).putInt(seed).putLong(0x7a11).array());
  }

  /** A ring with all keys of the setting. */
  Keyring keyring(boolean real) {
    Keyring ring = new Keyring(real);
    for (int i = 0; i < n(); i++) {
      ring.add(key(IDENTITY + i), IDENTITY + i);
      ring.add(key(COSIGNER + i), COSIGNER + i);
    }
    ring.add(key(LOG), LOG);
    for (int i = 0; i <= CLIENTS; i++) {
      ring.add(key(CLIENT + i), CLIENT + i);
    }
    return ring;
  }

  /** What the cluster starts from. */
  public Genesis genesis() {
    return genesis;
  }

  /** The replicas. */
  public Membership membership() {
    return membership;
  }

  /** What decides acceptance. */
  public Parameters parameters() {
    return genesis.parameters();
  }

  /** How many replicas. */
  public int n() {
    return membership.n();
  }

  /** How many of them may be faulty. */
  public int f() {
    return membership.f();
  }

  /** An id is no index. */
  static int idOf(int index) {
    return 3 * index + 1;
  }

  /** The id of the replica at that index. */
  public ReplicaId id(int index) {
    return membership.ids().get(index);
  }

  /** The key of a client; at {@link #CLIENTS} stands one without a grant. */
  public PublicKey client(int index) {
    return clients.get(index);
  }

  /** What the replica at that index is made with. */
  public ReplicaSettings replicaSettings(int index) {
    return new ReplicaSettings(
        id(index), genesis.hash(), membership, parameters(), admission, transfer);
  }

  /** Bounds of admission. */
  public AdmissionLimits admission() {
    return admission;
  }
}
