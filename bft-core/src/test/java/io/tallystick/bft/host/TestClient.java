package io.tallystick.bft.host;

import io.tallystick.bft.codec.ClientCodec;
import io.tallystick.bft.codec.MalformedMessage;
import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A client with a session to every host; it keeps what each says. Safe on any thread. */
final class TestClient {
  private final Cluster cluster;
  private final int number;
  private final ClientCodec codec;
  private final TreeMap<ReplicaId, Session> sessions = new TreeMap<>();

  TestClient(Cluster cluster, int number) {
    this.cluster = cluster;
    this.number = number;
    this.codec = new ClientCodec(cluster.parameters());
  }

  /** What one replica said on one session. */
  final class Session implements ClientSession {
    private final ReplicaHost host;
    private final List<Answer> answers = new ArrayList<>();

    Session(ReplicaHost host) {
      this.host = host;
    }

    @Override
    public PublicKey client() {
      return cluster.clientKey(number).publicKey();
    }

    @Override
    public boolean send(Bytes payload) {
      try {
        Answer answer = codec.decodeAnswer(payload);
        synchronized (answers) {
          answers.add(answer);
        }
        HostCluster.arrived();
        return true;
      } catch (MalformedMessage e) {
        throw new AssertionError("a host sends what doesn't decode", e);
      }
    }

    List<Answer> answers() {
      synchronized (answers) {
        return List.copyOf(answers);
      }
    }

    Inbound.Verdict ask(Ask ask) {
      return host.fromClient(this, codec.encode(ask));
    }

    /** Waits for an answer of a kind. */
    <A extends Answer> A await(Class<A> kind, Predicate<A> wanted) {
      HostCluster.await(
          () -> answers().stream().anyMatch(a -> kind.isInstance(a) && wanted.test(kind.cast(a))),
          () -> "no " + kind.getSimpleName() + " among " + answers());
      return answers().stream()
          .filter(kind::isInstance)
          .map(kind::cast)
          .filter(wanted)
          .findFirst()
          .orElseThrow();
    }
  }

  void connect(ReplicaId replica, ReplicaHost host) {
    Session session = new Session(host);
    sessions.put(replica, session);
    host.opened(session);
  }

  Session session(ReplicaId replica) {
    return Objects.requireNonNull(sessions.get(replica));
  }

  Bundle bundle(int firstNumber, int count) {
    return cluster.bundle(number, firstNumber, count);
  }

  /** Sends a bundle to these replicas. */
  void submit(Bundle bundle, List<ReplicaId> to) {
    for (ReplicaId replica : to) {
      session(replica).ask(new Submit(bundle));
    }
  }

  /** Waits for each of these replicas' answer to a bundle. */
  Map<ReplicaId, BundleReply> replies(Digest bundle, List<ReplicaId> from) {
    TreeMap<ReplicaId, BundleReply> replies = new TreeMap<>();
    for (ReplicaId replica : from) {
      replies.put(
          replica,
          session(replica).await(BundleReply.class, reply -> reply.bundle().equals(bundle)));
    }
    return replies;
  }
}
