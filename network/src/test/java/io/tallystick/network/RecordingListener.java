package io.tallystick.network;

import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps what a client's network hands in. */
final class RecordingListener implements ClientListener {
  final Set<ReplicaId> reachable = ConcurrentHashMap.newKeySet();
  final List<String> received = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void reachable(ReplicaId replica, boolean now) {
    if (now) {
      reachable.add(replica);
    } else {
      reachable.remove(replica);
    }
    Await.changed();
  }

  @Override
  public Verdict received(ReplicaId replica, Bytes payload) {
    received.add(replica + " " + payload.toUtf8());
    Await.changed();
    return Verdict.ACCEPTED;
  }

  boolean up(int id) {
    return reachable.contains(new ReplicaId(id));
  }
}
