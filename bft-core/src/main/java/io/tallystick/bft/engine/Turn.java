package io.tallystick.bft.engine;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What all rooms of the engine share: the settings, the time and the effects of the step that is
 * being taken, the journal's positions, and whether this replica may sign.
 *
 * <p>Positions ascend by one, from 1; what is sent with {@code afterPosition} leaves when the
 * journal is durable up to there.
 */
public final class Turn {
  private static final long JUMP_MICROS = 500_000;

  private final ReplicaSettings settings;
  private final int selfIndex;
  private Now now = new Now(0, 0);
  private boolean timed;
  private long clockJumps;
  private Effects effects = new Effects();
  private long nextPosition = 1;
  private long durable;
  private boolean running;
  private boolean diskAvailable = true;
  private @Nullable String quarantine;

  Turn(ReplicaSettings settings) {
    this.settings = settings;
    this.selfIndex = settings.membership().indexOf(settings.self());
  }

  void begin(Now stepTime, Effects out) {
    noteJump(stepTime);
    this.now = stepTime;
    this.effects = out;
  }

  private void noteJump(Now next) {
    long jump = next.wallMicros() - now.wallMicros() - 1_000 * (next.ticks() - now.ticks());
    if (timed && Math.abs(jump) > JUMP_MICROS) {
      clockJumps++; // R6.16
    }
    timed = true;
  }

  /** How often wall time jumped against monotonic time. */
  long clockJumps() {
    return clockJumps;
  }

  void start(long firstFreePosition) {
    Invariant.check(
        Property.SAID_STAYS_SAID,
        !running && firstFreePosition >= 1,
        "first free position >= 1, at one start",
        firstFreePosition);
    nextPosition = firstFreePosition;
    durable = firstFreePosition - 1;
    running = true;
  }

  void durable(long upTo) {
    Invariant.check(
        Property.DURABLE_BEFORE_VOTE,
        upTo < nextPosition,
        "nothing is durable that was not persisted",
        upTo);
    durable = Math.max(durable, upTo);
  }

  void diskAvailable(boolean available) {
    diskAvailable = available;
  }

  /** What the replica was made with. */
  public ReplicaSettings settings() {
    return settings;
  }

  /** The replicas of the epoch. */
  public Membership membership() {
    return settings.membership();
  }

  /** What decides acceptance. */
  public Parameters parameters() {
    return settings.parameters();
  }

  /** This replica. */
  public ReplicaId self() {
    return settings.self();
  }

  /** This replica's place in the membership. */
  public int selfIndex() {
    return selfIndex;
  }

  /** The monotonic time of this step, in milliseconds. */
  public long ticks() {
    return now.ticks();
  }

  /** The wall time of this step, in microseconds. */
  public long wallMicros() {
    return now.wallMicros();
  }

  /** Up to which position the journal is on disk. */
  public long durable() {
    return durable;
  }

  /** The position that the next record gets. */
  public long nextPosition() {
    return nextPosition;
  }

  /** Whether the replay is over. */
  public boolean running() {
    return running;
  }

  /** Whether the replica may sign votes and proposals, and execute. */
  public boolean voting() { // R10.4: nothing is signed while the disk is full or in quarantine
    return running && diskAvailable && quarantine == null;
  }

  /** Whether there is room to write down what no vote vouches for. */
  public boolean recording() {
    return diskAvailable && quarantine == null;
  }

  /** Whether the replica found that it, or more than f others, are wrong. */
  public boolean quarantined() {
    return quarantine != null;
  }

  /** Writes a record down; returns its position. */
  public long persist(JournalRecord record) {
    long position = nextPosition++;
    effects.add(new Effect.Persist(position, record));
    return position;
  }

  /** Has a statement signed; it comes back as an event. */
  public void sign(Statement statement) {
    Invariant.check(Property.SAID_STAYS_SAID, voting(), "only a voting replica signs");
    effects.add(new Effect.Sign(statement));
  }

  /** Sends to one peer what waits for nothing. */
  public void send(ReplicaId to, PeerMessage message) {
    effects.add(new Effect.Send(to, message, 0));
  }

  /** Sends to one peer, once the journal is durable up to {@code afterPosition}. */
  public void sendAfter(long afterPosition, ReplicaId to, PeerMessage message) {
    effects.add(new Effect.Send(to, message, waiting(afterPosition)));
  }

  /** Sends to all others what waits for nothing. */
  public void multicast(PeerMessage message) {
    effects.add(new Effect.Multicast(message, 0));
  }

  /** Sends to all others, once the journal is durable up to {@code afterPosition}. */
  public void multicastAfter(long afterPosition, PeerMessage message) {
    effects.add(new Effect.Multicast(message, waiting(afterPosition)));
  }

  /** Counts a message of no use against the peer that sent it. */
  public void reject(ReplicaId from, RejectReason why) {
    effects.add(new Effect.Reject(from, why));
  }

  /** Keeps the proof that a replica contradicted itself. */
  public void accuse(ReplicaId culprit, Evidence evidence) {
    effects.add(new Effect.Accuse(culprit, evidence));
  }

  /** Signs nothing more: this replica's state, or more than f others, are wrong. Said once. */
  public void quarantine(String why) {
    if (quarantine == null) {
      quarantine = why;
      effects.add(new Effect.Quarantine(why));
    }
  }

  /** Arms a timer, in place of when it was armed for; the only place that arms any. */
  public void arm(TimerName timer, long afterTicks) {
    effects.add(new Effect.Arm(timer, Math.max(1, afterTicks)));
  }

  /** Adds any other effect. */
  public void emit(Effect effect) {
    effects.add(effect);
  }

  private long waiting(long afterPosition) {
    // R10.1: what is signed waits for the record that it vouches for
    Invariant.check(
        Property.DURABLE_BEFORE_VOTE,
        afterPosition > 0 && afterPosition < nextPosition,
        "a send waits for a position that was given out",
        afterPosition);
    return afterPosition <= durable ? 0 : afterPosition;
  }
}
