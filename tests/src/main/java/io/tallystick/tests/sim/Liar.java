package io.tallystick.tests.sim;

import io.tallystick.bft.engine.Event;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.verify.Verified;
import io.tallystick.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A faulty replica that holds its real keys: the real engine, perhaps a second one with the same
 * keys, and lies around them. Whatever it says passes codec and verifier before anybody hears it.
 */
final class Liar implements Surroundings {
  private final World world;
  private final Cluster cluster;
  private final int index;
  private final List<LieKind> kinds;
  private final List<Lie> lies = new ArrayList<>();
  private final Forge forge;
  private final SimReplica first;
  private final @Nullable SimReplica twin;
  private final long tickMicros;

  Liar(World world, Cluster cluster, int index, List<LieKind> kinds, Conspiracy conspiracy) {
    this.world = world;
    this.cluster = cluster;
    this.index = index;
    this.kinds = kinds;
    this.forge = new Forge(cluster, index);
    kinds.forEach(kind -> kind.make(forge, conspiracy).ifPresent(lies::add));
    Watcher nobody = new Watcher() {};
    this.first = new SimReplica(cluster, index, this, nobody);
    this.twin = kinds.contains(LieKind.TWINS) ? new SimReplica(cluster, index, this, nobody) : null;
    this.tickMicros = forge.dice().of(60_000L, 250_000L, 1_000_000L);
  }

  List<LieKind> kinds() {
    return kinds;
  }

  /** The engine that stands for him, and is killed and started like any other. */
  SimReplica first() {
    return first;
  }

  /** Begins to lie. */
  void begin() {
    if (twin != null) {
      cluster.agenda().after(5_000, twin::start);
    }
    cluster.agenda().after(tickMicros, this::tick);
  }

  private void tick() {
    if (kinds.contains(LieKind.AMNESIA) && forge.dice().below(60) == 0) {
      first.crash(true);
      first.storage().disk().wipe();
      cluster.agenda().after(500_000, first::start);
    }
    for (int i = 0; i < lies.size(); i++) {
      lies.get(i).tick(after(i));
    }
    cluster.agenda().after(forge.dice().around(tickMicros), this::tick);
  }

  /** What stands after a lie in the chain. */
  private Lie.Sink after(int lie) {
    return lie + 1 == lies.size()
        ? (to, message) -> world.transmit(index, to, message)
        : (to, message) -> lies.get(lie + 1).sends(to, message, after(lie + 1));
  }

  @Override
  public void send(int from, int to, PeerMessage message) {
    after(-1).send(to, message);
  }

  /** A peer's message arrives. */
  void receive(int from, Verified<PeerMessage> message) {
    boolean heard = true;
    for (int i = 0; i < lies.size(); i++) {
      heard &= lies.get(i).hears(from, message.value(), after(i));
    }
    int side = twin == null ? 0 : forge.dice().below(3);
    if (heard && side < 2) {
      first.receive(from, message);
    }
    if (heard && side > 0 && twin != null) {
      twin.receive(from, message);
    }
  }

  /** A client asks. */
  void ask(int client, Ask ask) {
    boolean heard = true;
    for (Lie lie : lies) {
      heard &= lie.hears(client, ask);
    }
    if (!heard) {
      return;
    }
    SimReplica asked = twin != null && twin.up() && forge.dice().below(2) == 0 ? twin : first;
    if (asked.up()) {
      asked.arrives(() -> asked.application().ask(cluster.setting().client(client), ask));
    }
  }

  @Override
  public void answer(int from, PublicKey client, Answer answer) {
    Answer told = answer;
    for (Lie lie : lies) {
      told = lie.tells(told);
    }
    world.answer(index, client, told);
  }

  @Override
  public void takes(SimReplica replica, Event event) {
    world.takes(replica, event);
  }

  @Override
  public void reachable(int changed, boolean up) {
    world.reachable(index, first.up());
  }
}
