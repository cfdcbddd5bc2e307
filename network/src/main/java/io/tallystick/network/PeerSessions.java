package io.tallystick.network;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.network.session.Session;
import io.tallystick.network.session.SessionEnd;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one session with each replica. A newer one takes an older one's place: who dials again knows
 * that the old connection is dead, perhaps before we do. Reports comings and goings in order.
 */
final class PeerSessions {
  private final Map<ReplicaId, Place> places = new ConcurrentHashMap<>();
  private final Reachability reachability;

  PeerSessions(List<ReplicaId> peers, Reachability reachability) {
    this.reachability = reachability;
    peers.forEach(peer -> places.put(peer, new Place()));
  }

  /** Told of every change; called under the place's lock, so that none overtakes another. */
  interface Reachability {
    void changed(ReplicaId peer, boolean reachable);
  }

  private static final class Place {
    private volatile @Nullable Session current;
  }

  /** The session with this replica, if there is one. */
  @Nullable Session of(ReplicaId peer) {
    Place place = places.get(peer);
    return place == null ? null : place.current;
  }

  void opened(ReplicaId peer, Session session) {
    Place place = places.get(peer);
    if (place == null) {
      session.close(SessionEnd.REPLACED);
      return;
    }
    Session old;
    synchronized (place) {
      old = place.current;
      place.current = session;
      if (old == null) {
        reachability.changed(peer, true);
      }
    }
    if (old != null) {
      old.close(SessionEnd.REPLACED);
    }
  }

  void closed(ReplicaId peer, Session session) {
    Place place = places.get(peer);
    if (place == null) {
      return;
    }
    synchronized (place) {
      if (place.current == session) {
        place.current = null;
        reachability.changed(peer, false);
      }
    }
  }

  void closeAll() {
    for (Place place : places.values()) {
      Session session = place.current;
      if (session != null) {
        session.close(SessionEnd.SHUTDOWN);
      }
    }
  }
}
