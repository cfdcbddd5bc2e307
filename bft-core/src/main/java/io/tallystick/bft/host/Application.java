package io.tallystick.bft.host;

import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.engine.Effect.Execution;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.engine.Event.ApplicationState;
import io.tallystick.bft.journal.BatchArchive;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.statemachine.StateMachine;
import io.tallystick.bft.statemachine.StateMachine.Result;
import io.tallystick.crypto.Digest;
import java.io.IOException;
import java.util.Optional;

/**
 * Runs the application: executes batches on one thread, keeps them in the archive, signs the heads,
 * syncs on another, and says all that to the engine.
 */
final class Application implements AutoCloseable {
  /** More than the engine ever has unanswered. */
  private static final int EXECUTIONS_MAX = 256;

  /** Where it stands after the last executed batch. */
  record Standing(Tip tip, TreeHead head) {}

  private final StateMachine machine;
  private final BatchArchive archive;
  private final PeerCodec codec;
  private final HeadSigner heads;
  private final Replies replies;
  private final EventQueue events;
  private final HostMetrics metrics;
  private final Worker executor;
  private final Worker syncer;
  private final Worker publisher;
  private final long epoch;

  private volatile Standing standing;
  private volatile Optional<LoggedHead> published = Optional.empty();
  private volatile boolean stopped;

  /** What it works with. */
  record Rooms(
      StateMachine machine,
      BatchArchive archive,
      HeadSigner heads,
      Replies replies,
      EventQueue events,
      HostMetrics metrics) {}

  Application(HostConfig config, Rooms rooms, Worker.Failures fatal, Worker.Failures service) {
    this.machine = rooms.machine();
    this.archive = rooms.archive();
    this.codec = new PeerCodec(config.replica().parameters());
    this.heads = rooms.heads();
    this.replies = rooms.replies();
    this.events = rooms.events();
    this.metrics = rooms.metrics();
    this.epoch = config.replica().membership().epoch();
    ApplicationState state = machine.state();
    this.standing =
        new Standing(new Tip(epoch, state.seq(), state.ledgerTimeMicros()), state.head());
    this.executor = new Worker("application-" + config.self(), EXECUTIONS_MAX, fatal);
    this.syncer = new Worker("sync-" + config.self(), 2, fatal);
    this.publisher = new Worker("publish-" + config.self(), 4, service);
  }

  /** Executes a batch; the answer is an event. */
  void execute(Execution execution) {
    executor.put(() -> run(execution));
  }

  private void run(Execution execution) throws IOException {
    if (stopped) {
      return;
    }
    // The archive first: the application's mark must never cover what isn't kept for peers. A batch
    // that is archived and wasn't executed is executed again, and its second append ignored.
    archive.append(
        execution.seq(),
        codec.encodeArchived(new CommittedBatch(execution.certificate(), execution.bundles())));
    Result result =
        machine.execute(execution.seq(), execution.ledgerTimeMicros(), execution.bundles());
    Optional<Digest> stateDigest =
        execution.checkpoint() ? Optional.of(machine.stateDigest()) : Optional.empty();
    HeadCosignature cosignature = heads.cosign(result.head(), execution.ledgerTimeMicros());
    standing =
        new Standing(new Tip(epoch, execution.seq(), execution.ledgerTimeMicros()), result.head());
    events.own(new Event.Executed(execution.seq(), result.head(), stateDigest, cosignature));
    replies.executed(execution, result, cosignature);
    metrics.executed(
        execution.bundles().size(),
        execution.bundles().stream().map(Bundle::requests).mapToInt(java.util.List::size).sum());
  }

  /** Makes application and archive durable; the answer is an event. One sync serves all waiting. */
  void sync() {
    // When it is full, one that hasn't begun covers this too.
    syncer.offer(
        () -> {
          long synced = machine.sync(archive::sync);
          events.own(new Event.ApplicationSynced(synced));
        });
  }

  /** Signs a published head as the log, and hands it to the application for its readers. */
  void publish(PublishedHead head) {
    // When it is full a newer one comes soon.
    publisher.offer(
        () -> {
          if (!stopped) {
            LoggedHead logged = new LoggedHead(head, heads.logSignature(head.head()));
            published = Optional.of(logged);
            machine.published(logged);
          }
        });
  }

  /** Executes and signs nothing more. */
  void stop() {
    stopped = true;
  }

  Standing standing() {
    return standing;
  }

  Optional<LoggedHead> published() {
    return published;
  }

  int depth() {
    return executor.depth();
  }

  /** Ends the threads; what was executed is as durable as the last sync made it. */
  @Override
  public void close() {
    executor.close();
    publisher.close();
    syncer.close();
  }
}
