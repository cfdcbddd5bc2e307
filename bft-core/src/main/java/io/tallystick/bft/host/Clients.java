package io.tallystick.bft.host;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.PublicKey;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The sessions of clients that are there; the network bounds how many. Any thread. */
final class Clients {
  private final ConcurrentHashMap<PublicKey, List<ClientSession>> sessions =
      new ConcurrentHashMap<>();

  void opened(ClientSession session) {
    sessions.compute(
        session.client(),
        (_, before) -> {
          List<ClientSession> now = before == null ? new CopyOnWriteArrayList<>() : before;
          now.add(session);
          return now;
        });
  }

  void closed(ClientSession session) {
    sessions.computeIfPresent(
        session.client(),
        (_, before) -> {
          before.remove(session);
          return before.isEmpty() ? null : before;
        });
  }

  boolean isThere(PublicKey client) {
    return sessions.containsKey(client);
  }

  /** Sends on every session of that client. */
  void send(PublicKey client, Bytes payload) {
    for (ClientSession session : sessions.getOrDefault(client, List.of())) {
      session.send(payload);
    }
  }

  int count() {
    return sessions.size();
  }
}
