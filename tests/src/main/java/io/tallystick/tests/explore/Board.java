package io.tallystick.tests.explore;

import io.tallystick.bft.engine.Event;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.Ballot;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.bft.verify.Simulated;
import io.tallystick.crypto.Digest;
import io.tallystick.tests.sim.Dice;
import io.tallystick.tests.sim.Print;
import io.tallystick.tests.sim.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One state of four replicas and the network between them, reached from the opening by moves. A
 * move is a number: its kind, and whom or what it concerns.
 */
@SuppressWarnings("EnumOrdinal") // a number that is the same in every JVM of this build
final class Board {
  /** Something that must not be. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken(String what) {
      super(what);
    }
  }

  private static final int DELIVER = 0;
  private static final int DUPLICATE = 1;
  private static final int TIMEOUT = 2;
  private static final int SYNC = 3;
  private static final int CRASH = 4;
  private static final int LIE = 5;
  private static final int KINDS = 8;

  private record Parcel(int from, int to, PeerMessage message, long print) {}

  private final Setting setting;
  private final Opening opening;
  private final List<Bundle> bundles;
  private final List<Cell> cells = new ArrayList<>();
  private final List<Parcel> network = new ArrayList<>();
  private final List<PeerMessage> lies;
  private final TreeMap<Integer, Digest> decided = new TreeMap<>();
  private final Map<Long, Digest> said = new HashMap<>();
  private long inFlight;
  private long told;
  private int liesLeft;
  private int timeoutsLeft;
  private int crashesLeft;
  private int duplicatesLeft;

  Board(Opening opening, List<Bundle> bundles) {
    this.setting = Setting.of(4, 0);
    this.opening = opening;
    this.bundles = bundles.subList(0, opening.bundles());
    liesLeft = opening.lies();
    timeoutsLeft = opening.timeouts();
    crashesLeft = opening.crashes();
    duplicatesLeft = opening.duplicates();
    lies = opening.liar() ? lies() : List.of();
    for (int i = 0; i < setting.n(); i++) {
      cells.add(new Cell(this, i));
    }
    for (Bundle bundle : this.bundles) {
      for (int i = opening.liar() ? 1 : 0; i < setting.n(); i++) {
        cells.get(i).happen(new Event.Submitted(Simulated.trusted(bundle)));
      }
    }
  }

  Setting setting() {
    return setting;
  }

  Opening opening() {
    return opening;
  }

  /** All that the liar may say: two stories, with votes for each. */
  private List<PeerMessage> lies() {
    List<Digest> named = bundles.stream().map(Bundle::digest).toList();
    List<PeerMessage> said = new ArrayList<>();
    long time = Setting.GENESIS_MICROS + 500_000;
    for (Batch batch : List.of(new Batch(time, named), new Batch(time + 1, List.of()))) {
      SlotDigest slot = new SlotDigest(1, batch.digest());
      Vote proposal = new Vote(VotePhase.PRE_PREPARE, setting.id(0), 0, 0, List.of(slot));
      said.add(new PrePrepare(Cell.asSigned(proposal), List.of(batch)));
      for (VotePhase phase : List.of(VotePhase.PREPARE, VotePhase.COMMIT)) {
        Vote vote = Vote.of(phase, setting.id(0), 0, new Slot(0, 1), batch.digest());
        said.add(new Ballot(Cell.asSigned(vote)));
        Vote later = Vote.of(phase, setting.id(0), 0, new Slot(1, 1), batch.digest());
        said.add(new Ballot(Cell.asSigned(later)));
      }
    }
    return said;
  }

  /** A replica sends: what no order of which matters here is left out. */
  void post(int from, int to, PeerMessage message) {
    if (opening.liar() && (from == 0 || to == 0)) {
      return;
    }
    switch (message) {
      case PeerMessage.Status _, PeerMessage.HeadVote _ -> {
        return;
      }
      case PrePrepare(var vote, var _) -> says(from, vote.statement());
      case Ballot(var vote) -> says(from, vote.statement());
      default -> {}
    }
    put(new Parcel(from, to, message, Print.of(from, to, Print.of(message))));
  }

  private void says(int from, Vote vote) {
    if (!vote.replica().equals(setting.id(from))) {
      return;
    }
    for (SlotDigest slot : vote.slots()) {
      long place = Print.of(from, vote.phase().ordinal(), vote.view(), slot.seq());
      Digest before = said.putIfAbsent(place, slot.batch());
      if (before != null && !before.equals(slot.batch())) {
        fails("no-equivocation: r" + from + " " + vote);
      }
    }
  }

  private void put(Parcel parcel) {
    network.add(parcel);
    inFlight += Dice.mix(parcel.print);
  }

  void executes(int index, int seq, Digest batch) {
    if (opening.liar() && index == 0) {
      return;
    }
    Digest before = decided.putIfAbsent(seq, batch);
    if (before != null && !before.equals(batch)) {
      fails("agreement: r" + index + " executes another batch at " + seq);
    }
  }

  void accused(int by, ReplicaId culprit) {
    if (!opening.liar() || !culprit.equals(setting.id(0))) {
      fails("r" + by + " accuses " + culprit + ", who is correct");
    }
  }

  void fails(String what) {
    throw new Broken(what);
  }

  /** Hash of the state: of what every replica saw, in order, and what is on its way. */
  long hash() {
    long hash = Print.of(inFlight, told, liesLeft, timeoutsLeft, crashesLeft, duplicatesLeft);
    for (Cell cell : cells) {
      hash = Print.of(hash, cell.history());
    }
    return hash;
  }

  /** What may happen next; each thing once. */
  List<Integer> moves() {
    List<Integer> moves = new ArrayList<>();
    List<Long> seen = new ArrayList<>();
    for (int i = 0; i < network.size(); i++) {
      if (!seen.contains(network.get(i).print)) {
        seen.add(network.get(i).print);
        moves.add(i * KINDS + DELIVER);
        if (duplicatesLeft > 0) {
          moves.add(i * KINDS + DUPLICATE);
        }
      }
    }
    for (int i = opening.liar() ? 1 : 0; i < cells.size(); i++) {
      if (timeoutsLeft > 0 && cells.get(i).timerArmed()) {
        moves.add(i * KINDS + TIMEOUT);
      }
      if (opening.lazySync() && cells.get(i).unsynced()) {
        moves.add(i * KINDS + SYNC);
      }
      if (crashesLeft > 0) {
        moves.add(i * KINDS + CRASH);
      }
    }
    for (int i = 0; liesLeft > 0 && i < lies.size() * 3; i++) {
      if ((told >>> i & 1) == 0) {
        moves.add(i * KINDS + LIE);
      }
    }
    return moves;
  }

  /** Makes a move. */
  void move(int move) {
    int which = move / KINDS;
    switch (move % KINDS) {
      case DELIVER -> {
        Parcel parcel = network.remove(which);
        inFlight -= Dice.mix(parcel.print);
        deliver(parcel);
      }
      case DUPLICATE -> {
        duplicatesLeft--;
        deliver(network.get(which));
      }
      case TIMEOUT -> {
        timeoutsLeft--;
        cells.get(which).timeout();
      }
      case SYNC -> cells.get(which).sync();
      case CRASH -> {
        crashesLeft--;
        cells.get(which).crash();
      }
      case LIE -> {
        liesLeft--;
        told |= 1L << which;
        int to = 1 + which % 3;
        PeerMessage message = lies.get(which / 3);
        deliver(new Parcel(0, to, message, Print.of(0, to, Print.of(message))));
      }
      default -> throw new IllegalArgumentException("move: " + move);
    }
  }

  private void deliver(Parcel parcel) {
    cells
        .get(parcel.to)
        .happen(new Event.Received(setting.id(parcel.from), Simulated.trusted(parcel.message)));
  }

  /** For people. */
  String text(int move) {
    int which = move / KINDS;
    return switch (move % KINDS) {
      case DELIVER, DUPLICATE ->
          (move % KINDS == DELIVER ? "deliver " : "duplicate ")
              + "r"
              + network.get(which).from
              + " to r"
              + network.get(which).to
              + " "
              + Print.text(network.get(which).message);
      case TIMEOUT -> "view timeout at r" + which;
      case SYNC -> "sync r" + which;
      case CRASH -> "crash r" + which;
      default -> "lie to r" + (1 + which % 3) + " " + Print.text(lies.get(which / 3));
    };
  }
}
