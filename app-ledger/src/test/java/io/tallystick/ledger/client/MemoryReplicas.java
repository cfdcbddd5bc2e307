package io.tallystick.ledger.client;

import io.tallystick.bft.codec.ClientCodec;
import io.tallystick.bft.codec.MalformedMessage;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.AskFull;
import io.tallystick.bft.message.ClientMessage.AskHead;
import io.tallystick.bft.message.ClientMessage.AskOutcome;
import io.tallystick.bft.message.ClientMessage.AskRead;
import io.tallystick.bft.message.ClientMessage.AskStanding;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Full;
import io.tallystick.bft.message.ClientMessage.Greeting;
import io.tallystick.bft.message.ClientMessage.HeadAnswer;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.ClientMessage.OutcomeAnswer;
import io.tallystick.bft.message.ClientMessage.ReadAnswer;
import io.tallystick.bft.message.ClientMessage.Standing;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.ledger.read.Appendix;
import io.tallystick.ledger.receipt.SignedLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replicas that agree on everything, in memory: each bundle is executed when the first of them gets
 * it, each of them that is up answers on the thread that asks. What a test says is down or lies
 * does.
 */
final class MemoryReplicas implements ReplicaLinks {
  final SignedLedger ledger;
  final List<Bundle> executed = new ArrayList<>();
  private final Membership membership;
  private final ClientCodec codec;
  private final Listener listener;
  private final Map<Digest, Execution> executions = new HashMap<>();
  private final Map<String, Long> outcomes = new HashMap<>();
  private final Set<ReplicaId> silent = new HashSet<>();
  private long seq;
  private boolean closed;

  private record Execution(long seq, Bundle bundle, List<Outcome> outcomes, TreeHead head) {}

  MemoryReplicas(SignedLedger ledger, Listener listener) {
    this.ledger = ledger;
    this.listener = listener;
    this.membership = ledger.genesis().membership();
    this.codec = new ClientCodec(ledger.genesis().parameters());
  }

  /** All of them come up, and greet. */
  void comeUp() {
    for (ReplicaId id : membership.ids()) {
      listener.reachable(id, true);
      say(id, new Greeting(tip()));
    }
  }

  /** From now on, hears nothing. */
  synchronized void silence(int replica) {
    silent.add(new ReplicaId(replica));
  }

  synchronized void unsilence(int replica) {
    silent.remove(new ReplicaId(replica));
  }

  private Tip tip() {
    return new Tip(0, seq, SignedLedger.START_MICROS + seq * 1_000);
  }

  void say(ReplicaId from, Answer answer) {
    listener.received(from, codec.encode(answer));
  }

  @Override
  public synchronized boolean send(ReplicaId to, Bytes payload) {
    if (closed || silent.contains(to)) {
      return false;
    }
    try {
      answer(to, codec.decodeAsk(payload));
      return true;
    } catch (MalformedMessage e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(ReplicaId me, Ask ask) throws IOException {
    switch (ask) {
      case Submit(Bundle bundle) -> reply(me, execute(bundle), isFull(me, bundle));
      case AskFull(Digest bundle) -> {
        Execution execution = executions.get(bundle);
        if (execution != null) {
          reply(me, execution, true);
        }
      }
      case AskOutcome question -> {
        Long index = outcomes.get(question.principal() + "/" + question.id());
        Outcome outcome =
            index == null ? Outcome.of(OutcomeKind.PENDING) : Outcome.committed(index);
        say(me, new OutcomeAnswer(question.query(), tip(), outcome));
      }
      case AskHead(long query) ->
          say(me, new HeadAnswer(query, tip(), Optional.of(ledger.head(ledger.store().size()))));
      case AskRead(long query, Bytes question) -> say(me, new ReadAnswer(query, tip(), question));
      case AskStanding(long query) ->
          say(me, new Standing(query, me, tip(), 0, 0, ledger.store().head(), "test", true));
    }
  }

  private boolean isFull(ReplicaId me, Bundle bundle) {
    long position = Long.remainderUnsigned(bundle.digest().prefix(), membership.n());
    return membership.ids().get((int) position).equals(me);
  }

  private Execution execute(Bundle bundle) throws IOException {
    Execution known = executions.get(bundle.digest());
    if (known != null) {
      return known;
    }
    byte[] signed = Bundle.signedBytes(ledger.genesis().hash(), bundle.client(), bundle.requests());
    if (!Digest.sha256(signed).equals(bundle.digest())
        || !Ed25519.verify(bundle.client(), signed, bundle.signature())) {
      throw new IllegalStateException("a bundle that isn't signed");
    }
    seq++;
    List<Outcome> ended = new ArrayList<>();
    for (Request request : bundle.requests()) {
      String key = request.principal() + "/" + request.id();
      Long index = outcomes.get(key);
      if (index == null) {
        index =
            ledger.append(
                request.principal(),
                request.id(),
                request.stream(),
                request.contentType(),
                request.payload());
        outcomes.put(key, index);
      }
      ended.add(Outcome.committed(index));
    }
    Execution execution = new Execution(seq, bundle, ended, ledger.store().head());
    executions.put(bundle.digest(), execution);
    executed.add(bundle);
    return execution;
  }

  private void reply(ReplicaId me, Execution execution, boolean full) throws IOException {
    LoggedHead head = ledger.head(execution.head().size());
    var mine =
        head.head().cosignatures().stream()
            .filter(line -> line.replica().equals(me))
            .findFirst()
            .orElseThrow();
    Bytes appendix =
        Appendix.build(ledger.store(), execution.bundle(), execution.outcomes(), execution.head());
    say(
        me,
        new BundleReply(
            tip(),
            execution.bundle().digest(),
            execution.outcomes(),
            mine,
            full ? Optional.of(new Full(head.logSignature(), appendix)) : Optional.empty()));
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
