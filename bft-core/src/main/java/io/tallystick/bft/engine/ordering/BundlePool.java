package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.AdmissionLimits;
import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Request;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bundles in memory: those that wait to be proposed, and those that a slot names which isn't
 * executed yet.
 *
 * <p>An admitted bundle is charged to its client until it is executed or dropped. One that was
 * fetched because a batch names it is charged to nobody; the window bounds those.
 */
public final class BundlePool {

  /** What became of a client's bundle. */
  public enum Admission {
    /** It waits now. */
    ADMITTED,
    /** It is here already. */
    KNOWN,
    /** Its client has as much pending as it may. */
    CLIENT_QUOTA,
    /** All clients together have as much pending as they may. */
    TOTAL_QUOTA
  }

  /** Bounds of one batch. */
  record Room(int bundles, int requests, long bytes) {}

  private static final class Entry {
    final Bundle bundle;
    final long weight;
    final long lastDeadlineMicros;
    final long dropAfterMicros;
    @Nullable ClientQueue charged;
    boolean queued;
    int uses;

    Entry(Bundle bundle, long dropAfterMicros) {
      this.bundle = bundle;
      this.weight = bundle.weightBytes();
      long last = Long.MIN_VALUE;
      for (Request request : bundle.requests()) {
        last = Math.max(last, request.deadlineMicros());
      }
      this.lastDeadlineMicros = last;
      this.dropAfterMicros = dropAfterMicros;
    }
  }

  private static final class ClientQueue {
    final PublicKey client;
    final LinkedHashMap<Digest, Entry> queued = new LinkedHashMap<>();
    long bytes;
    int requests;

    ClientQueue(PublicKey client) {
      this.client = client;
    }
  }

  private final AdmissionLimits limits;
  private final LinkedHashMap<Digest, Entry> entries = new LinkedHashMap<>();
  private final LinkedHashMap<PublicKey, ClientQueue> clients = new LinkedHashMap<>();
  private final LinkedHashMap<PublicKey, ClientQueue> turns = new LinkedHashMap<>();
  private long bytes;
  private int requests;
  private int queued;

  /** An empty pool that admits within {@code limits}. */
  public BundlePool(AdmissionLimits limits) {
    this.limits = limits;
  }

  /** The bundle, if it is in memory. */
  public @Nullable Bundle find(Digest digest) {
    Entry entry = entries.get(digest);
    return entry == null ? null : entry.bundle;
  }

  /** Bundles that wait to be proposed. */
  public int queuedBundles() {
    return queued;
  }

  /** What all clients are charged, in bytes. */
  public long chargedBytes() {
    return bytes;
  }

  /** What all clients are charged, in requests. */
  public int chargedRequests() {
    return requests;
  }

  /**
   * Admits a client's bundle, or says why not.
   *
   * @param dropAfterMicros ledger time after which it is dropped if nobody has proposed it
   */
  public Admission admit(Bundle bundle, long dropAfterMicros) {
    if (entries.containsKey(bundle.digest())) {
      return Admission.KNOWN;
    }
    Entry entry = new Entry(bundle, dropAfterMicros);
    int count = bundle.requests().size();
    ClientQueue client = clients.get(bundle.client());
    long clientBytes = entry.weight + (client == null ? 0 : client.bytes);
    int clientRequests = count + (client == null ? 0 : client.requests);
    if (clientBytes > limits.clientBytes() || clientRequests > limits.clientRequests()) {
      return Admission.CLIENT_QUOTA; // R6.11: each client has its share
    }
    if (bytes + entry.weight > limits.totalBytes() || requests + count > limits.totalRequests()) {
      return Admission.TOTAL_QUOTA; // R6.11: and all together have a bound
    }
    if (client == null) {
      client = new ClientQueue(bundle.client());
      clients.put(bundle.client(), client);
    }
    client.bytes = clientBytes;
    client.requests = clientRequests;
    bytes += entry.weight;
    requests += count;
    entry.charged = client;
    entries.put(bundle.digest(), entry);
    enqueue(entry, client);
    return Admission.ADMITTED;
  }

  /** A slot names this bundle and holds it from now on: it waits no longer. */
  void use(Bundle bundle) {
    Entry entry = entries.get(bundle.digest());
    if (entry == null) {
      entry = new Entry(bundle, Long.MAX_VALUE);
      entries.put(bundle.digest(), entry);
    }
    unqueue(entry);
    entry.uses++;
  }

  /**
   * A slot that named it is gone, or executed, or a new view proposes something else there. What is
   * charged to a client waits again then.
   */
  void release(Digest digest) {
    Entry entry = entries.get(digest);
    if (entry == null) {
      return;
    }
    entry.uses--;
    Invariant.check(Property.BOUNDED, entry.uses >= 0, "bundles are released once", entry.uses);
    if (entry.uses == 0) {
      ClientQueue client = entry.charged;
      if (client == null) {
        entries.remove(digest);
      } else {
        enqueue(entry, client);
      }
    }
  }

  private void enqueue(Entry entry, ClientQueue client) {
    entry.queued = true;
    queued++;
    if (client.queued.isEmpty()) {
      turns.putLast(client.client, client);
    }
    client.queued.put(entry.bundle.digest(), entry);
  }

  /** It was executed: nobody is charged for it any more, and it doesn't wait. */
  public void executed(Digest digest) {
    Entry entry = entries.get(digest);
    if (entry == null) {
      return;
    }
    unqueue(entry);
    uncharge(entry);
    if (entry.uses == 0) {
      entries.remove(digest);
    }
  }

  /**
   * Takes bundles for a batch, one of each client in turn; a client whose next doesn't fit keeps
   * its place. What cannot take effect any more is dropped on the way.
   */
  List<Bundle> take(Room room, long ledgerTimeMicros) {
    List<Bundle> taken = new ArrayList<>();
    int requestsLeft = room.requests();
    long bytesLeft = room.bytes();
    boolean progress = true;
    while (progress && taken.size() < room.bundles()) {
      progress = false;
      // R6.10: clients are served in turn
      for (ClientQueue client : new ArrayList<>(turns.values())) {
        Entry entry = firstAlive(client, ledgerTimeMicros);
        if (entry == null
            || entry.bundle.requests().size() > requestsLeft
            || entry.weight > bytesLeft
            || taken.size() == room.bundles()) {
          continue;
        }
        taken.add(entry.bundle);
        requestsLeft -= entry.bundle.requests().size();
        bytesLeft -= entry.weight;
        unqueue(entry);
        if (turns.containsKey(client.client)) {
          turns.putLast(client.client, client);
        }
        progress = true;
      }
    }
    return taken;
  }

  /** Drops what waits and cannot take effect any more, or that nobody proposed for long. */
  public void sweep(long ledgerTimeMicros) {
    List<Entry> dead = new ArrayList<>();
    for (ClientQueue client : turns.values()) {
      for (Entry entry : client.queued.values()) {
        if (dead(entry, ledgerTimeMicros)) {
          dead.add(entry);
        }
      }
    }
    for (Entry entry : dead) {
      remove(entry);
    }
  }

  private @Nullable Entry firstAlive(ClientQueue client, long ledgerTimeMicros) {
    while (!client.queued.isEmpty()) {
      Entry entry = client.queued.firstEntry().getValue();
      if (!dead(entry, ledgerTimeMicros)) {
        return entry;
      }
      remove(entry);
    }
    return null;
  }

  private static boolean dead(Entry entry, long ledgerTimeMicros) {
    // R12.1: what is past all its deadlines is dropped, and its share is free again
    return entry.lastDeadlineMicros < ledgerTimeMicros || entry.dropAfterMicros < ledgerTimeMicros;
  }

  private void remove(Entry entry) {
    unqueue(entry);
    uncharge(entry);
    entries.remove(entry.bundle.digest());
  }

  private void unqueue(Entry entry) {
    ClientQueue client = entry.charged;
    if (!entry.queued || client == null) {
      return;
    }
    entry.queued = false;
    queued--;
    client.queued.remove(entry.bundle.digest());
    if (client.queued.isEmpty()) {
      turns.remove(client.client);
    }
  }

  private void uncharge(Entry entry) {
    ClientQueue client = entry.charged;
    if (client == null) {
      return;
    }
    entry.charged = null;
    client.bytes -= entry.weight;
    client.requests -= entry.bundle.requests().size();
    bytes -= entry.weight;
    requests -= entry.bundle.requests().size();
    Invariant.check(Property.BOUNDED, bytes >= 0 && requests >= 0, "charges return once", bytes);
    if (client.requests == 0) {
      clients.remove(client.client);
    }
  }
}
