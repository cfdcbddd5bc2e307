package io.tallystick.bft.client;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.Ask;
import java.util.ArrayList;
import java.util.List;

/** The effects of one step, in order. Used by one thread; emptied by the host after each step. */
public final class ClientEffects<P> {
  private final List<ClientEffect<P>> list = new ArrayList<>();

  /** Appends an effect. */
  public void add(ClientEffect<P> effect) {
    list.add(effect);
  }

  void send(ReplicaId to, Ask ask) {
    list.add(new ClientEffect.Send<>(to, ask));
  }

  /** What was appended since the last {@link #clear}. */
  public List<ClientEffect<P>> list() {
    return list;
  }

  /** Forgets all. */
  public void clear() {
    list.clear();
  }
}
