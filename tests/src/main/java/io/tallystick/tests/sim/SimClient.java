package io.tallystick.tests.sim;

import io.tallystick.bft.client.BundleClient;
import io.tallystick.bft.client.ClientEffect;
import io.tallystick.bft.client.ClientEffects;
import io.tallystick.bft.client.ClientEvent;
import io.tallystick.bft.client.ClientLimits;
import io.tallystick.bft.engine.Now;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.read.Appendix;
import io.tallystick.ledger.read.ProvedEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A client's process: the product's client side of the protocol, and bundles to submit. */
final class SimClient {
  /** So few that all are younger than outcomes get. */
  private static final int REMEMBERED = 8;

  /** Carries what the client says to a replica. */
  interface Link {
    void ask(int client, int replica, Ask ask);
  }

  private final Cluster cluster;
  private final Oracle oracle;
  private final int number;
  private final Link link;
  private final Dice dice;
  private final BundleClient<List<Optional<ProvedEntry>>> client;
  private final ClientEffects<List<Optional<ProvedEntry>>> effects = new ClientEffects<>();
  private final Map<Digest, Bundle> inFlight = new LinkedHashMap<>();
  private final List<Request> remembered = new ArrayList<>();
  private long rememberedMicros;
  private long made;
  private long armed = -1;
  private long ended;
  private long committed;
  private long unknown;
  private boolean stranger;

  SimClient(Cluster cluster, Oracle oracle, int number, Link link) {
    this.cluster = cluster;
    this.oracle = oracle;
    this.number = number;
    this.link = link;
    this.dice = cluster.dice("client " + number);
    this.stranger = number == Setting.CLIENTS;
    this.client =
        new BundleClient<>(
            cluster.setting().membership(),
            ClientLimits.of(64, 20_000),
            Heads.checker(cluster.setting(), cluster.check()),
            Appendix::check,
            dice.next());
  }

  /** Bundles that haven't ended. */
  int pending() {
    return inFlight.size();
  }

  /** Bundles that ended, somehow. */
  long ended() {
    return ended;
  }

  /** Bundles of which something was committed. */
  long committed() {
    return committed;
  }

  /** Bundles of which nobody could tell how they ended. */
  long unknown() {
    return unknown;
  }

  /** What is in flight, for people. */
  String pendingText() {
    StringBuilder text = new StringBuilder("client " + number);
    inFlight.keySet().forEach(digest -> text.append(' ').append(digest.toHex(), 0, 6));
    return text.toString();
  }

  private Now now() {
    long micros = cluster.agenda().now();
    return new Now(micros / 1_000, micros);
  }

  /** The session with a replica came up or went down. */
  void reachable(int replica, boolean up) {
    step(new ClientEvent.Reachable(cluster.setting().id(replica), up));
  }

  /** A replica says something. */
  void receive(int replica, Answer answer) {
    step(new ClientEvent.Received(cluster.setting().id(replica), answer));
  }

  /** Makes a bundle and submits it; false when it has no room for one more. */
  boolean submit(boolean plain) {
    if (!client.hasRoom()) {
      return false;
    }
    List<Request> requests = new ArrayList<>();
    int count = plain ? 1 : 1 + dice.below(3);
    for (int i = 0; i < count; i++) {
      requests.add(request(plain));
    }
    byte[] signed =
        Bundle.signedBytes(
            cluster.setting().genesis().hash(), cluster.setting().client(number), requests);
    Bundle bundle =
        new Bundle(
            cluster.setting().client(number),
            requests,
            Digest.sha256(signed),
            cluster.client(number).sign(signed));
    oracle.signs(bundle);
    if (inFlight.putIfAbsent(bundle.digest(), bundle) == null) {
      step(new ClientEvent.Submit(bundle));
    }
    return true;
  }

  private Request request(boolean plain) {
    int kind = plain ? 5 : dice.below(40);
    if (cluster.agenda().now() - rememberedMicros > 30_000_000) {
      remembered.clear();
    }
    rememberedMicros = cluster.agenda().now();
    if (kind == 0 && !remembered.isEmpty()) {
      return remembered.get(dice.below(remembered.size())); // the same again
    }
    long serial = made++;
    Bytes hash =
        Bytes.wrap(ByteBuffer.allocate(16).putInt(number).putInt(7).putLong(serial).array());
    RequestId id = new RequestId(hash);
    if (kind == 1 && !remembered.isEmpty()) {
      id = remembered.get(dice.below(remembered.size())).id(); // another request under an old id
    }
    RequestKind what =
        switch (kind) {
          case 2 -> RequestKind.ADMIN;
          case 3 -> RequestKind.BARRIER;
          default -> RequestKind.APPEND;
        };
    long ledger = client.expectedLedgerMicros(now()).orElse(cluster.agenda().now());
    long ahead = kind == 4 ? 10_000 : 8_000_000 + dice.below(8_000_000);
    byte[] salt = ByteBuffer.allocate(Payload.SALT_LENGTH).putInt(number).putLong(serial).array();
    byte[] content = new byte[8 + dice.below(64)];
    Request request =
        new Request(
            what,
            "caller-" + number,
            id,
            what == RequestKind.BARRIER ? "" : "stream-" + dice.below(3),
            "text/plain",
            Payload.of(Bytes.wrap(salt), Bytes.wrap(content)),
            ledger + ahead);
    if (remembered.size() == REMEMBERED) {
      remembered.removeFirst();
    }
    remembered.add(request);
    return request;
  }

  private void step(ClientEvent event) {
    client.step(event, now(), effects);
    List<ClientEffect<List<Optional<ProvedEntry>>>> wanted = effects.list();
    for (int i = 0; i < wanted.size(); i++) {
      carryOut(wanted.get(i));
    }
    effects.clear();
  }

  private void carryOut(ClientEffect<List<Optional<ProvedEntry>>> effect) {
    switch (effect) {
      case ClientEffect.Send<List<Optional<ProvedEntry>>>(var to, var ask) ->
          link.ask(number, cluster.setting().membership().indexOf(to), ask);
      case ClientEffect.Arm<List<Optional<ProvedEntry>>>(var ticks) -> arm(ticks);
      case ClientEffect.Decided<List<Optional<ProvedEntry>>>(var bundle, var outcomes) ->
          oracle.decided(requests(bundle), outcomes);
      case ClientEffect.Receipted<List<Optional<ProvedEntry>>>(
              var bundle,
              var outcomes,
              var head,
              var _,
              var _) -> {
        oracle.receipted(requests(bundle), outcomes, head.head());
        end(bundle, outcomes);
      }
      case ClientEffect.Unproven<List<Optional<ProvedEntry>>>(var bundle, var outcomes) ->
          end(bundle, outcomes);
      case ClientEffect.Ended<List<Optional<ProvedEntry>>>(var bundle, var outcomes) ->
          end(bundle, outcomes);
      case ClientEffect.Refused<List<Optional<ProvedEntry>>>(var bundle, var _, var _) ->
          end(bundle, List.of());
      case ClientEffect.Unknown<List<Optional<ProvedEntry>>>(var bundle) -> {
        unknown++;
        end(bundle, List.of());
      }
      case ClientEffect.Liar<List<Optional<ProvedEntry>>>(var replica, var lie) -> {
        if (cluster.isCorrect(cluster.setting().membership().indexOf(replica))) {
          throw new Violation(
              "client", "calls " + replica + " a liar (" + lie + "), who is correct");
        }
      }
    }
  }

  private List<Request> requests(Digest digest) {
    Bundle bundle = inFlight.get(digest);
    if (bundle == null) {
      throw new IllegalStateException("bundle " + digest + " isn't in flight");
    }
    return bundle.requests();
  }

  private void end(Digest digest, List<Outcome> outcomes) {
    inFlight.remove(digest);
    ended++;
    for (Outcome outcome : outcomes) {
      if (outcome.kind() == OutcomeKind.COMMITTED) {
        committed++;
        return;
      }
    }
  }

  private void arm(long ticks) {
    armed = ticks;
    cluster
        .agenda()
        .at(
            ticks * 1_000,
            () -> {
              if (armed == ticks) {
                armed = -1;
                step(new ClientEvent.Tick());
              }
            });
  }

  /** Whether it has no grant. */
  boolean isStranger() {
    return stranger;
  }
}
