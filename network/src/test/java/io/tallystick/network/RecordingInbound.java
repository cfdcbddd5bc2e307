package io.tallystick.network;

import io.tallystick.bft.host.ClientSession;
import io.tallystick.bft.host.Inbound;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Keeps what a network hands in. */
final class RecordingInbound implements Inbound {
  final Set<ReplicaId> reachable = ConcurrentHashMap.newKeySet();
  final List<String> changes = Collections.synchronizedList(new ArrayList<>());
  final List<Bytes> fromPeers = Collections.synchronizedList(new ArrayList<>());
  final List<Bytes> fromClients = Collections.synchronizedList(new ArrayList<>());
  final Set<ClientSession> clients = ConcurrentHashMap.newKeySet();
  final List<ClientSession> everOpened = Collections.synchronizedList(new ArrayList<>());
  volatile Function<Bytes, Verdict> verdict = payload -> Verdict.ACCEPTED;

  @Override
  public void peerReachable(ReplicaId peer, boolean now) {
    changes.add(peer + (now ? " up" : " down"));
    if (now) {
      reachable.add(peer);
    } else {
      reachable.remove(peer);
    }
    Await.changed();
  }

  @Override
  public Verdict fromPeer(ReplicaId peer, Bytes payload) {
    fromPeers.add(payload);
    Await.changed();
    return verdict.apply(payload);
  }

  @Override
  public void opened(ClientSession session) {
    everOpened.add(session);
    clients.add(session);
    Await.changed();
  }

  @Override
  public void closed(ClientSession session) {
    clients.remove(session);
    Await.changed();
  }

  @Override
  public Verdict fromClient(ClientSession session, Bytes payload) {
    fromClients.add(payload);
    Await.changed();
    return verdict.apply(payload);
  }

  boolean up(int id) {
    return reachable.contains(new ReplicaId(id));
  }
}
