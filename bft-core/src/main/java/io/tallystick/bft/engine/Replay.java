package io.tallystick.bft.engine;

import io.tallystick.bft.engine.checkpoint.Checkpoints;
import io.tallystick.bft.engine.ordering.SlotRestore;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.message.JournalRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The journal's records, collected until the replay is over: only then is it known which checkpoint
 * is the last stable one, and so what each record is still good for. The journal's own bound is the
 * bound of this list.
 */
final class Replay {
  private record Entry(long position, JournalRecord record) {}

  private List<Entry> entries = new ArrayList<>();
  private long lastPosition;

  void add(long position, JournalRecord record) {
    Invariant.check(
        Property.SAID_STAYS_SAID,
        position > lastPosition,
        "records are replayed in order, from position 1",
        position);
    lastPosition = position;
    entries.add(new Entry(position, record));
  }

  /** First what the others depend on: the view, checkpoints. */
  void restoreState(Views views, Checkpoints checkpoints) {
    for (Entry entry : entries) {
      switch (entry.record()) {
        case JournalRecord.InView inView -> views.restore(inView);
        case JournalRecord.OwnViewChange own -> views.restore(own, entry.position());
        case JournalRecord.AcceptedNewView accepted -> views.restore(accepted, entry.position());
        case JournalRecord.Stable stable ->
            checkpoints.restore(stable.checkpoint(), entry.position());
        case JournalRecord.OwnCheckpoint own ->
            checkpoints.restore(own.checkpoint(), entry.position());
        case JournalRecord.Body _,
            JournalRecord.Proposal _,
            JournalRecord.OwnVote _,
            JournalRecord.Prepared _,
            JournalRecord.Committed _,
            JournalRecord.Started _ -> {}
      }
    }
  }

  /** Then the slots, in the order in which they were written. */
  void restoreSlots(SlotRestore slots) {
    for (Entry entry : entries) {
      switch (entry.record()) {
        case JournalRecord.Body body -> slots.restore(body, entry.position());
        case JournalRecord.Proposal proposal ->
            slots.restore(proposal.prePrepare(), entry.position());
        case JournalRecord.OwnVote own -> slots.restore(own.vote(), entry.position());
        case JournalRecord.Prepared prepared ->
            slots.restore(prepared.certificate(), entry.position());
        case JournalRecord.Committed committed ->
            slots.restore(committed.certificate(), entry.position());
        case JournalRecord.AcceptedNewView accepted ->
            slots.restore(accepted.message(), entry.position());
        case JournalRecord.InView _,
            JournalRecord.OwnViewChange _,
            JournalRecord.Stable _,
            JournalRecord.OwnCheckpoint _,
            JournalRecord.Started _ -> {}
      }
    }
    entries = List.of();
  }
}
