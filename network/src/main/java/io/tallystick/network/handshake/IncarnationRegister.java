package io.tallystick.network.handshake;

import io.tallystick.bft.membership.ReplicaId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest announcement of each peer, so that an older process of a replica, or a second one from
 * a copied directory, gets no session while we run. As many entries as members. Any thread.
 */
public final class IncarnationRegister {
  private final Map<ReplicaId, Announcement> newest = new HashMap<>();

  /** Remembers the announcement of a peer that proved its key, unless a newer one was seen. */
  public synchronized Optional<HandshakeRefusal> admit(ReplicaId peer, Announcement announcement) {
    Announcement seen = newest.get(peer);
    if (seen != null) {
      int order = Long.compareUnsigned(announcement.incarnation(), seen.incarnation());
      if (order < 0) {
        return Optional.of(HandshakeRefusal.LOWER_INCARNATION);
      }
      if (order == 0 && !announcement.startId().equals(seen.startId())) {
        return Optional.of(HandshakeRefusal.OTHER_START);
      }
    }
    newest.put(peer, announcement);
    return Optional.empty();
  }

  /** What this peer last said of itself. */
  public synchronized Optional<Announcement> announcement(ReplicaId peer) {
    return Optional.ofNullable(newest.get(peer));
  }
}
