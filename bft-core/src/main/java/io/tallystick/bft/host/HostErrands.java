package io.tallystick.bft.host;

import io.tallystick.bft.codec.ClientCodec;
import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.message.ClientMessage.Refusal;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.verify.Verifier;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.Signature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what the engine wants done to whoever does it. Called on the engine's thread. */
final class HostErrands implements EngineThread.Errands, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HostErrands.class);
  private static final int EVIDENCE_QUEUE_MAX = 64;

  private final HostConfig config;
  private final Rooms rooms;
  private final Outcomes outcomes;
  private final EvidenceFiles evidence;
  private final ClientCodec codec;
  private final Worker signer;
  private final Worker clerk;
  private volatile boolean stopped;

  /** Who does it. */
  record Rooms(
      HostKeys keys,
      Verifier verifier,
      Application application,
      Replies replies,
      BatchSender batches,
      Clients clients,
      EventQueue events,
      HostMetrics metrics) {}

  /** Whom it tells how it ended. */
  record Outcomes(Worker.Failures fatal, Worker.Failures service, Runnable stopVoting) {}

  HostErrands(HostConfig config, Rooms rooms, Outcomes outcomes, EvidenceFiles evidence) {
    this.config = config;
    this.rooms = rooms;
    this.outcomes = outcomes;
    this.evidence = evidence;
    this.codec = new ClientCodec(config.replica().parameters());
    int statementsMax = 8 * config.replica().parameters().window();
    this.signer = new Worker("signer-" + config.self(), statementsMax, outcomes.fatal());
    this.clerk = new Worker("evidence-" + config.self(), EVIDENCE_QUEUE_MAX, outcomes.service());
  }

  /** Signs nothing more. */
  void stop() {
    stopped = true;
  }

  @Override
  public void run(Effect.Sign sign) {
    signer.put(() -> sign(sign.statement()));
  }

  private void sign(Statement statement) {
    if (stopped) {
      return;
    }
    byte[] layout = statement.signedBytes(config.replica().cluster());
    Signature signature = Ed25519.sign(rooms.keys().identity(), layout);
    rooms
        .events()
        .own(
            new Event.SignedByUs(
                rooms.verifier().own(new Signed<>(statement, signature)).orThrow()));
  }

  @Override
  public void run(Effect.SendBatches send) {
    if (!rooms.batches().send(send)) {
      rooms.metrics().dropped("archive-reads-full", send.to().toString());
    }
  }

  @Override
  public void run(Effect.Execute execute) {
    rooms.application().execute(execute.execution());
  }

  @Override
  public void run(Effect.SyncApplication sync) {
    rooms.application().sync();
  }

  @Override
  public void run(Effect.Refuse refuse) {
    rooms.metrics().refused(refuse.why());
    rooms
        .clients()
        .send(
            refuse.client(),
            codec.encode(
                new Refusal(refuse.bundle(), refuse.why(), refuse.detail(), refuse.retryMillis())));
  }

  @Override
  public void run(Effect.AnswerAgain again) {
    rooms.replies().again(again.client(), again.bundle());
  }

  @Override
  public void run(Effect.Publish publish) {
    rooms.application().publish(publish.head());
  }

  @Override
  public void run(Effect.Accuse accuse) {
    rooms.metrics().equivocation();
    if (!clerk.offer(() -> evidence.keep(accuse.culprit(), accuse.evidence()))) {
      rooms.metrics().dropped("evidence", accuse.culprit().toString());
    }
  }

  @Override
  public void run(Effect.Quarantine quarantine) {
    log.error(
        "{} IS QUARANTINED, signs and executes nothing more, and serves reads marked as such: {}",
        config.self(),
        quarantine.why());
    outcomes.stopVoting().run();
  }

  @Override
  public void halted(String invariant, RuntimeException cause) {
    outcomes.stopVoting().run();
  }

  @Override
  public void close() {
    signer.close();
    clerk.close();
  }
}
