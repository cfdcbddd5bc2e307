package io.tallystick.bft.host;

import io.tallystick.bft.codec.ClientCodec;
import io.tallystick.bft.codec.MalformedMessage;
import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.Greeting;
import io.tallystick.bft.message.ClientMessage.Refusal;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.verify.Failure;
import io.tallystick.bft.verify.Fault;
import io.tallystick.bft.verify.Verdict;
import io.tallystick.bft.verify.Verifier;
import io.tallystick.crypto.Bytes;

/**
 * Where bytes of authenticated sessions become verified events. Called on the network's pool,
 * several at a time; whatever is wrong is counted against its sender, and goes no further.
 */
final class Boundary implements Inbound {
  private static final String CLIENT = "client";

  private final HostConfig config;
  private final Verifier verifier;
  private final EventQueue events;
  private final Clients clients;
  private final Reads reads;
  private final Application application;
  private final HostMetrics metrics;
  private final PeerCodec peerCodec;
  private final ClientCodec clientCodec;
  private volatile boolean voting = true;

  /** Where things go. */
  record Rooms(
      Verifier verifier,
      EventQueue events,
      Clients clients,
      Reads reads,
      Application application,
      HostMetrics metrics) {}

  Boundary(HostConfig config, Rooms rooms) {
    this.config = config;
    this.verifier = rooms.verifier();
    this.events = rooms.events();
    this.clients = rooms.clients();
    this.reads = rooms.reads();
    this.application = rooms.application();
    this.metrics = rooms.metrics();
    this.peerCodec = new PeerCodec(config.replica().parameters());
    this.clientCodec = new ClientCodec(config.replica().parameters());
  }

  /** From now on bundles are refused at once: nobody is there to take them. */
  void stopVoting() {
    voting = false;
  }

  @Override
  public void peerReachable(ReplicaId peer, boolean reachable) {
    events.own(new Event.PeerReachable(peer, reachable));
  }

  @Override
  public Verdict fromPeer(ReplicaId peer, Bytes payload) {
    int lane = config.replica().membership().indexOf(peer);
    if (lane < 0) {
      metrics.authFailure(Fault.UNKNOWN_REPLICA, "unknown");
      return Verdict.MALFORMED;
    }
    PeerMessage message;
    try {
      message = peerCodec.decode(payload);
    } catch (MalformedMessage e) {
      metrics.malformed(peer.toString());
      return Verdict.MALFORMED;
    }
    return switch (verifier.peer(peer, message)) {
      case io.tallystick.bft.verify.Verdict.Passed<PeerMessage>(var verified) -> {
        Event event = new Event.Received(peer, verified);
        yield taken(events.offer(lane, event, payload.size()), peer.toString());
      }
      case io.tallystick.bft.verify.Verdict.Failed<PeerMessage>(var failure) -> {
        metrics.authFailure(failure.fault(), peer.toString());
        yield failure.fault().isLag() ? Verdict.DROPPED : Verdict.MALFORMED;
      }
    };
  }

  @Override
  public void opened(ClientSession session) {
    clients.opened(session);
    session.send(clientCodec.encode(new Greeting(application.standing().tip())));
  }

  @Override
  public void closed(ClientSession session) {
    clients.closed(session);
  }

  @Override
  public Verdict fromClient(ClientSession session, Bytes payload) {
    Ask ask;
    try {
      ask = clientCodec.decodeAsk(payload);
    } catch (MalformedMessage e) {
      metrics.malformed(CLIENT);
      return Verdict.MALFORMED;
    }
    return ask instanceof Submit(var bundle)
        ? submit(session, bundle, payload.size())
        : taken(reads.ask(session, ask), CLIENT);
  }

  private Verdict submit(ClientSession session, Bundle bundle, int bytes) {
    if (!voting) {
      refuse(session, bundle, RefusalReason.NOT_VOTING, "this replica has stopped voting");
      return Verdict.DROPPED;
    }
    return switch (verifier.bundle(bundle)) {
      case io.tallystick.bft.verify.Verdict.Passed<Bundle>(var verified) -> {
        int lane = config.replica().membership().n();
        if (events.offer(lane, new Event.Submitted(verified), bytes)) {
          yield Verdict.ACCEPTED;
        }
        refuse(session, bundle, RefusalReason.TOTAL_QUOTA, "too much waits to be looked at");
        yield taken(false, CLIENT);
      }
      case io.tallystick.bft.verify.Verdict.Failed<Bundle>(var failure) ->
          failed(session, bundle, failure);
    };
  }

  private Verdict failed(ClientSession session, Bundle bundle, Failure failure) {
    metrics.authFailure(failure.fault(), CLIENT);
    // A forged bundle deserves no answer; one that breaks a rule of ours may be honest.
    if (failure.fault() == Fault.BAD_SIGNATURE || failure.fault() == Fault.DIGEST_MISMATCH) {
      return Verdict.MALFORMED;
    }
    refuse(session, bundle, RefusalReason.MALFORMED, failure.detail());
    return Verdict.DROPPED;
  }

  private void refuse(ClientSession session, Bundle bundle, RefusalReason why, String detail) {
    metrics.refused(why);
    long retryMillis = config.replica().admission().retryMillis();
    session.send(clientCodec.encode(new Refusal(bundle.digest(), why, detail, retryMillis)));
  }

  private Verdict taken(boolean taken, String sender) {
    if (!taken) {
      metrics.dropped("queue-full", sender);
    }
    return taken ? Verdict.ACCEPTED : Verdict.DROPPED;
  }
}
