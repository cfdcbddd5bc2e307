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
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bundles in memory: those that wait to be proposed, and those that a slot names which isn't
 * executed yet.
 *
 * <p>An admitted bundle is charged to its client until it is executed or dropped, and to whoever
 * brought it: the client itself, or a backup that forwards it; each of them has the same quotas.
 * One that was fetched because a batch names it is charged to nobody; the window bounds those.
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
    long queuedTicks;
    long queuedBytes;
    long forwardedTicks = -1;
    long forwardedBytes;

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
    final Source source;
    final PublicKey client;
    final LinkedHashMap<Digest, Entry> queued = new LinkedHashMap<>();
    long bytes;
    int requests;

    ClientQueue(Source source, PublicKey client) {
      this.source = source;
      this.client = client;
    }
  }

  /** Who brings bundles: the clients themselves, or one of the peers. */
  private static final class Source {
    final LinkedHashMap<PublicKey, ClientQueue> clients = new LinkedHashMap<>();
    long bytes;
    int requests;
  }

  private final AdmissionLimits limits;
  private final LinkedHashMap<Digest, Entry> entries = new LinkedHashMap<>();
  private final Source own = new Source();
  private final List<Source> peers = new ArrayList<>();
  private final LinkedHashSet<ClientQueue> turns = new LinkedHashSet<>();
  private int queued;
  private int forwarded;
  private long takenBytes;
  private long ticks;

  /** An empty pool that admits within {@code limits}, from clients and from so many peers. */
  public BundlePool(AdmissionLimits limits, int peerCount) {
    this.limits = limits;
    for (int i = 0; i < peerCount; i++) {
      peers.add(new Source());
    }
  }

  /** The monotonic time of the step that is being taken. */
  public void now(long nowTicks) {
    ticks = nowTicks;
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

  /** What our own clients are charged, in bytes. */
  public long chargedBytes() {
    return own.bytes;
  }

  /** What our own clients are charged, in requests. */
  public int chargedRequests() {
    return own.requests;
  }

  /**
   * Admits a client's bundle, or says why not.
   *
   * @param dropAfterMicros ledger time after which it is dropped if nobody has proposed it
   */
  public Admission admit(Bundle bundle, long dropAfterMicros) {
    return admit(own, bundle, dropAfterMicros);
  }

  /** Admits a bundle that the peer at an index forwards: within quotas of that peer's own. */
  Admission admitForwarded(int peer, Bundle bundle, long dropAfterMicros) {
    return admit(peers.get(peer), bundle, dropAfterMicros); // R8.16
  }

  private Admission admit(Source source, Bundle bundle, long dropAfterMicros) {
    if (entries.containsKey(bundle.digest())) {
      return Admission.KNOWN;
    }
    Entry entry = new Entry(bundle, dropAfterMicros);
    int count = bundle.requests().size();
    ClientQueue client = source.clients.get(bundle.client());
    long clientBytes = entry.weight + (client == null ? 0 : client.bytes);
    int clientRequests = count + (client == null ? 0 : client.requests);
    if (clientBytes > limits.clientBytes() || clientRequests > limits.clientRequests()) {
      return Admission.CLIENT_QUOTA; // R6.11: each client has its share
    }
    if (source.bytes + entry.weight > limits.totalBytes()
        || source.requests + count > limits.totalRequests()) {
      return Admission.TOTAL_QUOTA; // R6.11: and all together have a bound
    }
    if (client == null) {
      client = new ClientQueue(source, bundle.client());
      source.clients.put(bundle.client(), client);
    }
    client.bytes = clientBytes;
    client.requests = clientRequests;
    source.bytes += entry.weight;
    source.requests += count;
    entry.charged = client;
    entry.queuedBytes = takenBytes;
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
    entry.queuedTicks = ticks;
    queued++;
    if (client.queued.isEmpty()) {
      turns.addLast(client);
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
    Taking taking = new Taking(room);
    takeOverdue(taking, ledgerTimeMicros);
    boolean progress = true;
    while (progress) {
      progress = false;
      // R6.10: clients are served in turn
      for (ClientQueue client : new ArrayList<>(turns)) {
        dropDead(client, ledgerTimeMicros);
        Entry entry = taking.takeFirst(client);
        if (entry == null) {
          continue;
        }
        unqueue(entry);
        if (turns.contains(client)) {
          turns.addLast(client);
        }
        progress = true;
      }
    }
    takenBytes += room.bytes() - taking.bytesLeft;
    return taking.taken;
  }

  /**
   * What saw more than a quota's bytes go by goes first, the oldest first: so none waits for more
   * than n + 1 quotas, whoever else sends how much.
   */
  private void takeOverdue(Taking taking, long ledgerTimeMicros) {
    List<Entry> overdue = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (takenBytes - entry.queuedBytes <= limits.totalBytes()) {
        break; // those after it came later
      }
      if (entry.queued && !dead(entry, ledgerTimeMicros)) {
        overdue.add(entry);
      }
      if (overdue.size() == taking.room.bundles()) {
        break;
      }
    }
    for (Entry entry : overdue) {
      if (!taking.take(entry)) { // R8.18
        return;
      }
      unqueue(entry);
    }
  }

  /** A batch being filled. */
  private static final class Taking {
    final Room room;
    final List<Bundle> taken = new ArrayList<>();
    final LinkedHashSet<ClientQueue> unfit = new LinkedHashSet<>();
    int requestsLeft;
    long bytesLeft;

    Taking(Room room) {
      this.room = room;
      this.requestsLeft = room.requests();
      this.bytesLeft = room.bytes();
    }

    /**
     * Takes the first of a client's that fits. Whatever is left out of a batch had no room in it:
     * by that backups judge a primary (R8.17).
     */
    @Nullable Entry takeFirst(ClientQueue client) {
      if (unfit.contains(client)) {
        return null; // room only shrinks
      }
      for (Entry entry : client.queued.values()) {
        if (take(entry)) {
          return entry;
        }
      }
      unfit.add(client);
      return null;
    }

    boolean take(Entry entry) {
      int count = entry.bundle.requests().size();
      if (count > requestsLeft || entry.weight > bytesLeft || taken.size() == room.bundles()) {
        return false;
      }
      taken.add(entry.bundle);
      requestsLeft -= count;
      bytesLeft -= entry.weight;
      return true;
    }
  }

  /** Another primary: what waits here is forwarded to it anew, and has waited for it since now. */
  void handOver() {
    for (ClientQueue client : turns) {
      for (Entry entry : client.queued.values()) {
        entry.queuedTicks = ticks;
        entry.forwardedTicks = -1;
      }
    }
    forwarded = 0;
  }

  /** Our own clients' bundles that wait since {@code since} or longer, the oldest, some of them. */
  List<Digest> waiting(long since, int max) {
    List<Digest> digests = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (digests.size() == max) {
        break;
      }
      if (entry.queued && isOwn(entry) && entry.queuedTicks <= since) {
        digests.add(entry.bundle.digest());
      }
    }
    return digests;
  }

  private boolean isOwn(Entry entry) {
    ClientQueue client = entry.charged;
    return client != null && client.source == own;
  }

  /** It was forwarded to the primary; the first time counts. */
  void forwarded(Digest digest, long proposedBytes) {
    Entry entry = entries.get(digest);
    if (entry != null && entry.queued && entry.forwardedTicks < 0) {
      entry.forwardedTicks = ticks;
      entry.forwardedBytes = proposedBytes;
      forwarded++;
    }
  }

  /** How many of the bundles that wait were forwarded to the primary. */
  public int forwarded() {
    return forwarded;
  }

  /** Whether any that was forwarded by then would have fitted into a batch that left it out. */
  boolean anyLeftOut(long forwardedBy, Room left) {
    if (forwarded == 0 || left.bundles() < 1) {
      return false;
    }
    for (Entry entry : entries.values()) {
      if (entry.queued
          && entry.forwardedTicks >= 0
          && entry.forwardedTicks <= forwardedBy
          && entry.bundle.requests().size() <= left.requests()
          && entry.weight <= left.bytes()) {
        return true;
      }
    }
    return false;
  }

  /** Whether any saw so many bytes go by since it was forwarded. */
  boolean anyOvertaken(long proposedBytes, long bytesMax) {
    if (forwarded == 0 || proposedBytes < bytesMax) {
      return false;
    }
    for (Entry entry : entries.values()) {
      if (entry.queued
          && entry.forwardedTicks >= 0
          && proposedBytes - entry.forwardedBytes >= bytesMax) {
        return true;
      }
    }
    return false;
  }

  /** Drops what waits and cannot take effect any more, or that nobody proposed for long. */
  public void sweep(long ledgerTimeMicros) {
    List<Entry> dead = new ArrayList<>();
    for (ClientQueue client : turns) {
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

  private void dropDead(ClientQueue client, long ledgerTimeMicros) {
    while (!client.queued.isEmpty()) {
      Entry entry = client.queued.firstEntry().getValue();
      if (!dead(entry, ledgerTimeMicros)) {
        return;
      }
      remove(entry);
    }
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
      turns.remove(client);
    }
    if (entry.forwardedTicks >= 0) {
      entry.forwardedTicks = -1;
      forwarded--;
    }
  }

  private void uncharge(Entry entry) {
    ClientQueue client = entry.charged;
    if (client == null) {
      return;
    }
    entry.charged = null;
    Source source = client.source;
    client.bytes -= entry.weight;
    client.requests -= entry.bundle.requests().size();
    source.bytes -= entry.weight;
    source.requests -= entry.bundle.requests().size();
    Invariant.check(
        Property.BOUNDED,
        source.bytes >= 0 && source.requests >= 0,
        "charges return once",
        source.bytes);
    if (client.requests == 0) {
      source.clients.remove(client.client);
    }
  }
}
