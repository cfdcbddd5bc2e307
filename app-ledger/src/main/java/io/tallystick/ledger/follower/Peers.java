package io.tallystick.ledger.follower;

import io.tallystick.bft.membership.ReplicaId;
import java.util.List;

/** Whom to ask next: in turn, passing over those that lied or were silent lately. One thread. */
final class Peers {
  private final List<ReplicaId> ids;
  private final long[] restsUntilMillis;
  private int next;

  Peers(List<ReplicaId> ids) {
    this.ids = List.copyOf(ids);
    this.restsUntilMillis = new long[ids.size()];
  }

  int count() {
    return ids.size();
  }

  /** The next that isn't resting; when all are, the one that may be asked again first. */
  ReplicaId next(long nowMillis) {
    int chosen = next;
    for (int i = 0; i < ids.size(); i++) {
      int candidate = (next + i) % ids.size();
      if (restsUntilMillis[candidate] <= nowMillis) {
        chosen = candidate;
        break;
      }
      if (restsUntilMillis[candidate] < restsUntilMillis[chosen]) {
        chosen = candidate;
      }
    }
    next = (chosen + 1) % ids.size();
    return ids.get(chosen);
  }

  /** Isn't to be asked for so long, if there are others; a longer rest stays. */
  void rest(ReplicaId peer, long nowMillis, long millis) {
    int at = ids.indexOf(peer);
    restsUntilMillis[at] = Math.max(restsUntilMillis[at], nowMillis + millis);
  }
}
