package io.tallystick.bft.host;

import io.tallystick.bft.codec.ClientCodec;
import io.tallystick.bft.engine.Effect.Execution;
import io.tallystick.bft.host.ReplyCache.Answered;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Full;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.statemachine.StateMachine;
import io.tallystick.bft.statemachine.StateMachine.Result;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import java.io.IOException;
import java.util.Optional;

/**
 * Tells clients how their bundles ended, and keeps the answers for a while, to give them again. One
 * replica answers a bundle in full, which its digest chooses; any does when it is asked to.
 */
final class Replies implements AutoCloseable {
  private static final int QUEUE_MAX = 1_024;

  private final ClientCodec codec;
  private final StateMachine machine;
  private final HeadSigner heads;
  private final Clients clients;
  private final ReplyCache cache;
  private final Worker worker;
  private final Membership membership;
  private final int selfIndex;

  Replies(
      HostConfig config,
      StateMachine machine,
      HeadSigner heads,
      Clients clients,
      Worker.Failures failures) {
    this.codec = new ClientCodec(config.replica().parameters());
    this.machine = machine;
    this.heads = heads;
    this.clients = clients;
    this.cache = new ReplyCache(config.limits().replies(), config.limits().replyBytes());
    this.membership = config.replica().membership();
    this.selfIndex = membership.indexOf(config.self());
    this.worker = new Worker("replies-" + config.self(), QUEUE_MAX, failures);
  }

  /** A batch was executed. Called on the application's thread, which answers itself when we lag. */
  void executed(Execution execution, Result result, HeadCosignature head) {
    Tip tip =
        new Tip(execution.certificate().epoch(), execution.seq(), execution.ledgerTimeMicros());
    for (int i = 0; i < execution.bundles().size(); i++) {
      Answered answered =
          new Answered(execution.bundles().get(i), result.outcomes().get(i), tip, head);
      cache.put(answered);
      if (clients.isThere(answered.bundle().client())) {
        worker.putOrRun(() -> send(answered));
      }
    }
  }

  /** Answers a bundle again, if it is still remembered. */
  void again(PublicKey client, Digest bundle) {
    cache
        .find(bundle)
        .filter(answered -> answered.bundle().client().equals(client))
        .ifPresent(answered -> worker.offer(() -> send(answered)));
  }

  /** Answers a client's own bundle in full; false when it isn't remembered, or we lag. */
  boolean full(ClientSession session, Digest bundle) {
    return cache
        .find(bundle)
        .filter(answered -> answered.bundle().client().equals(session.client()))
        .map(answered -> worker.offer(() -> session.send(reply(answered, true))))
        .orElse(false);
  }

  private void send(Answered answered) throws IOException {
    Digest digest = answered.bundle().digest();
    boolean full = fullReplier(membership, digest).equals(membership.ids().get(selfIndex));
    clients.send(answered.bundle().client(), reply(answered, full));
  }

  /** Who answers a bundle in full: at (first 8 bytes of its digest) mod n, by ascending id. */
  static ReplicaId fullReplier(Membership membership, Digest bundle) {
    return membership.ids().get((int) Long.remainderUnsigned(bundle.prefix(), membership.n()));
  }

  private Bytes reply(Answered answered, boolean inFull) throws IOException {
    Optional<Full> full = Optional.empty();
    if (inFull) {
      Bytes appendix =
          machine.appendix(answered.bundle(), answered.outcomes(), answered.head().head());
      full = Optional.of(new Full(heads.logSignature(answered.head().head()), appendix));
    }
    return codec.encode(
        new BundleReply(
            answered.tip(),
            answered.bundle().digest(),
            answered.outcomes(),
            answered.head(),
            full));
  }

  int depth() {
    return worker.depth();
  }

  @Override
  public void close() {
    worker.close();
  }
}
