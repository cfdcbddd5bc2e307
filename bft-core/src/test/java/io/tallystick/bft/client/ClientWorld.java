package io.tallystick.bft.client;

import io.tallystick.bft.engine.Now;
import io.tallystick.bft.membership.Member;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.AskFull;
import io.tallystick.bft.message.ClientMessage.AskOutcome;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Full;
import io.tallystick.bft.message.ClientMessage.Greeting;
import io.tallystick.bft.message.ClientMessage.OutcomeAnswer;
import io.tallystick.bft.message.ClientMessage.Refusal;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client, and replicas that say what the test wants; effects as text, in order. */
final class ClientWorld implements HeadChecker {
  static final long START_MICROS = 1_000_000_000L;

  final Membership membership;
  final BundleClient<String> client;
  final List<String> log = new ArrayList<>();
  final List<AskOutcome> asked = new ArrayList<>();
  long ticks = 1_000;
  long armedTicks = Long.MAX_VALUE;
  private final ClientEffects<String> effects = new ClientEffects<>();

  ClientWorld(int n) {
    this(n, ClientLimits.of(8, 60_000));
  }

  ClientWorld(int n, ClientLimits limits) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      members.add(new Member(new ReplicaId(i), key(i), key(100 + i), "r" + i + ".test"));
    }
    membership = new Membership(0, members);
    client = new BundleClient<>(membership, limits, this, ClientWorld::check, 7);
  }

  /** Replicas up, and f+1 of them have told their ledger time. */
  ClientWorld ready() {
    for (int i = 0; i < membership.n(); i++) {
      step(new ClientEvent.Reachable(new ReplicaId(i), true));
      receive(i, new Greeting(new Tip(0, 0, START_MICROS)));
    }
    return this;
  }

  static PublicKey key(int seed) {
    return new PublicKey(Bytes.wrap(Digest.sha256(new byte[] {(byte) seed}).toArray()));
  }

  /** A bundle of {@code requests} whose full replier is {@code fullFrom}. */
  Bundle bundle(int fullFrom, int requests, long deadlineMicros) {
    List<Request> list = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      Bytes id = Bytes.wrap(Digest.sha256(new byte[] {(byte) i}).toArray()).slice(0, 16);
      list.add(
          new Request(
              RequestKind.APPEND,
              "ci",
              new RequestId(id),
              "s",
              "text/plain",
              Payload.of(Bytes.wrap(new byte[32]), Bytes.utf8("p" + i)),
              deadlineMicros));
    }
    for (int salt = 0; ; salt++) {
      Digest digest = Digest.sha256(Bytes.utf8(fullFrom + "/" + salt + "/" + requests));
      if (Long.remainderUnsigned(digest.prefix(), membership.n()) == fullFrom) {
        return new Bundle(key(200), list, digest, new Signature(Bytes.wrap(new byte[64])));
      }
    }
  }

  static TreeHead head(long size) {
    return new TreeHead(size, Digest.sha256(Bytes.utf8("root " + size)));
  }

  static HeadCosignature cosignature(int replica, TreeHead head) {
    return new HeadCosignature(new ReplicaId(replica), head, 1_000, sign("r" + replica, head));
  }

  static Signature sign(String name, TreeHead head) {
    byte[] half = Digest.sha256(Bytes.utf8(name + head)).toArray();
    byte[] whole = new byte[64];
    System.arraycopy(half, 0, whole, 0, 32);
    return new Signature(Bytes.wrap(whole));
  }

  @Override
  public boolean cosigned(HeadCosignature cosignature) {
    return cosignature
        .signature()
        .equals(sign("r" + cosignature.replica().value(), cosignature.head()));
  }

  @Override
  public boolean logged(TreeHead head, Signature signature) {
    return signature.equals(sign("log", head));
  }

  static String proof(List<Outcome> outcomes, TreeHead head) {
    return outcomes.stream().map(o -> o.kind() + "@" + o.index()).toList() + " in " + head.size();
  }

  private static Optional<String> check(
      Bundle bundle, List<Outcome> outcomes, TreeHead head, Bytes appendix) {
    String wanted = proof(outcomes, head);
    return appendix.toUtf8().equals(wanted) ? Optional.of(wanted) : Optional.empty();
  }

  static BundleReply reply(int replica, Bundle bundle, long seq, List<Outcome> outcomes) {
    TreeHead head = head(100 + seq);
    Tip tip = new Tip(0, seq, START_MICROS + seq);
    return new BundleReply(
        tip, bundle.digest(), outcomes, cosignature(replica, head), Optional.empty());
  }

  static BundleReply full(int replica, Bundle bundle, long seq, List<Outcome> outcomes) {
    BundleReply reply = reply(replica, bundle, seq, outcomes);
    TreeHead head = reply.head().head();
    Full full = new Full(sign("log", head), Bytes.utf8(proof(outcomes, head)));
    return new BundleReply(reply.tip(), reply.bundle(), outcomes, reply.head(), Optional.of(full));
  }

  void receive(int from, Answer answer) {
    step(new ClientEvent.Received(new ReplicaId(from), answer));
  }

  void refuse(int from, Bundle bundle, RefusalReason reason, long retryMillis) {
    receive(from, new Refusal(bundle.digest(), reason, "as it is", retryMillis));
  }

  /** Answers the newest question about a request. */
  void answer(int from, long query, long timeMicros, Outcome outcome) {
    receive(from, new OutcomeAnswer(query, new Tip(0, 9, timeMicros), outcome));
  }

  void submit(Bundle bundle) {
    step(new ClientEvent.Submit(bundle));
  }

  /** Lets time pass, with a tick whenever one was armed. */
  void pass(long millis) {
    long until = ticks + millis;
    while (armedTicks <= until) {
      ticks = Math.max(ticks, armedTicks);
      armedTicks = Long.MAX_VALUE;
      step(new ClientEvent.Tick());
    }
    ticks = until;
  }

  void step(ClientEvent event) {
    client.step(event, new Now(ticks, 0), effects);
    effects.list().forEach(this::carryOut);
    effects.clear();
  }

  private void carryOut(ClientEffect<String> effect) {
    switch (effect) {
      case ClientEffect.Send<String>(ReplicaId to, Ask ask) -> log.add(to + " <- " + text(ask));
      case ClientEffect.Arm<String>(long atTicks) -> armedTicks = atTicks;
      case ClientEffect.Decided<String> decided -> log.add("decided " + kinds(decided.outcomes()));
      case ClientEffect.Receipted<String> r ->
          log.add(
              "receipt "
                  + r.proof()
                  + " by "
                  + r.head().cosignatures().stream().map(HeadCosignature::replica).toList());
      case ClientEffect.Unproven<String> unproven ->
          log.add("unproven " + kinds(unproven.outcomes()));
      case ClientEffect.Ended<String> ended -> log.add("ended " + kinds(ended.outcomes()));
      case ClientEffect.Refused<String> refused -> log.add("refused " + refused.why());
      case ClientEffect.Unknown<String> unknown -> log.add("unknown");
      case ClientEffect.Liar<String> liar -> log.add("liar " + liar.replica() + " " + liar.lie());
    }
  }

  private static String kinds(List<Outcome> outcomes) {
    return outcomes.stream().map(o -> o.kind() + "@" + o.index()).toList().toString();
  }

  private String text(Ask ask) {
    if (ask instanceof AskOutcome question) {
      asked.add(question);
    }
    return switch (ask) {
      case Submit submit -> "submit";
      case AskFull full -> "ask full";
      case AskOutcome outcome -> "ask outcome";
      default -> ask.toString();
    };
  }

  /** What happened since the last call. */
  List<String> news() {
    List<String> news = List.copyOf(log);
    log.clear();
    return news;
  }
}
