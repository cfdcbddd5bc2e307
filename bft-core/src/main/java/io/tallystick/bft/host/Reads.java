package io.tallystick.bft.host;

import io.tallystick.bft.codec.ClientCodec;
import io.tallystick.bft.engine.ReplicaSummary;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.AskFull;
import io.tallystick.bft.message.ClientMessage.AskHead;
import io.tallystick.bft.message.ClientMessage.AskOutcome;
import io.tallystick.bft.message.ClientMessage.AskRead;
import io.tallystick.bft.message.ClientMessage.AskStanding;
import io.tallystick.bft.message.ClientMessage.HeadAnswer;
import io.tallystick.bft.message.ClientMessage.OutcomeAnswer;
import io.tallystick.bft.message.ClientMessage.ReadAnswer;
import io.tallystick.bft.message.ClientMessage.Standing;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.statemachine.StateMachine;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Answers what clients ask and nobody orders, on one thread with a bounded queue, so that reads
 * cost neither ordering nor each other's sender more than their turn. Goes on when voting stops.
 */
final class Reads implements AutoCloseable {
  private final HostConfig config;
  private final ClientCodec codec;
  private final StateMachine machine;
  private final Application application;
  private final Replies replies;
  private final Supplier<ReplicaSummary> summary;
  private final Worker worker;

  /** Whom it asks. */
  record Rooms(
      StateMachine machine,
      Application application,
      Replies replies,
      Supplier<ReplicaSummary> summary) {}

  Reads(HostConfig config, Rooms rooms, Worker.Failures failures) {
    this.config = config;
    this.codec = new ClientCodec(config.replica().parameters());
    this.machine = rooms.machine();
    this.application = rooms.application();
    this.replies = rooms.replies();
    this.summary = rooms.summary();
    this.worker = new Worker("reads-" + config.self(), config.limits().reads(), failures);
  }

  /** Queues an answer; false when there are too many. */
  boolean ask(ClientSession session, Ask ask) {
    return ask instanceof AskFull(var bundle)
        ? replies.full(session, bundle)
        : worker.offer(() -> session.send(codec.encode(answer(ask))));
  }

  private Answer answer(Ask ask) throws IOException {
    // Read before the state is: what is answered holds at this time or later.
    Application.Standing standing = application.standing();
    Tip tip = standing.tip();
    return switch (ask) {
      case AskOutcome(var query, var principal, var id, var deadline) ->
          new OutcomeAnswer(query, tip, machine.outcome(principal, id, deadline));
      case AskHead(var query) -> new HeadAnswer(query, tip, application.published());
      case AskRead(var query, var question) -> new ReadAnswer(query, tip, machine.read(question));
      case AskStanding(var query) -> {
        ReplicaSummary now = summary.get();
        yield new Standing(
            query,
            config.self(),
            tip,
            now.view(),
            now.stable(),
            standing.head(),
            config.version(),
            now.voting());
      }
      case Submit _, AskFull _ ->
          throw new IllegalArgumentException("not a read: " + ask.getClass().getSimpleName());
    };
  }

  int depth() {
    return worker.depth();
  }

  @Override
  public void close() {
    worker.close();
  }
}
