package io.tallystick.ledger.client;

import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.ClientListener;
import io.tallystick.network.ClientNetwork;

/** A client's links over the network, which this owns from its start to its end. */
public final class NetworkLinks implements ReplicaLinks {
  private final ClientNetwork network;

  private NetworkLinks(ClientNetwork network) {
    this.network = network;
  }

  /** Starts that network when a client opens its links; it must not have been started before. */
  public static Opener over(ClientNetwork network) {
    return listener -> {
      network.start(new Handover(listener));
      return new NetworkLinks(network);
    };
  }

  private record Handover(Listener listener) implements ClientListener {
    @Override
    public void reachable(ReplicaId replica, boolean reachable) {
      listener.reachable(replica, reachable);
    }

    @Override
    public Verdict received(ReplicaId replica, Bytes payload) {
      return listener.received(replica, payload);
    }
  }

  @Override
  public boolean send(ReplicaId to, Bytes payload) {
    return network.send(to, payload);
  }

  @Override
  public void close() {
    network.close();
  }
}
