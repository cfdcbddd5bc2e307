package io.tallystick.tests.sim;

import io.tallystick.bft.codec.JournalCodec;
import io.tallystick.bft.codec.MalformedMessage;
import io.tallystick.bft.journal.Journal;
import io.tallystick.bft.journal.JournalSettings;
import io.tallystick.bft.journal.SteppedJournal;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A replica's disk and journal: the product's own, on a simulated disk, in virtual time. */
final class Storage implements Journal.Listener {
  private static final long FULL_RETRY_MICROS = 1_000_000;
  private static final long PAUSED_RETRY_MICROS = 100_000;

  /** What it tells its process. */
  interface Owner {
    /** Whether the life in which something was begun still lasts. */
    boolean lives(long life);

    long life();

    boolean paused();

    /** Records up to there are on disk: before anything leaves that waited for it. */
    void synced(long upTo);

    void durable(long upTo);

    void space(boolean available);

    /** A write or sync failed: the process stops. */
    void failStop(IOException cause);
  }

  /** Takes the records that a journal held. */
  interface Reader {
    void record(long position, JournalRecord record) throws IOException;
  }

  private final Owner process;
  private final Agenda agenda;
  private final Dice dice;
  private final SimDisk disk;
  private final JournalSettings journalSettings;
  private final JournalCodec codec;
  private final TreeMap<Long, List<Runnable>> barrier = new TreeMap<>();
  private @Nullable SteppedJournal journal;
  private boolean busy;
  private long durable;
  private long syncMicros = 250;

  Storage(Owner process, Setting setting, int index, Agenda agenda, Dice dice) {
    this.process = process;
    this.agenda = agenda;
    this.dice = dice;
    this.disk = new SimDisk(agenda);
    this.codec = new JournalCodec(setting.parameters());
    this.journalSettings =
        new JournalSettings(
            Path.of("/r" + index),
            setting.genesis().hash(),
            setting.id(index),
            32 << 10,
            1 << 20,
            1 << 30);
  }

  SimDisk disk() {
    return disk;
  }

  /** From now on a sync takes so long on average. */
  void slow(long micros) {
    syncMicros = micros;
  }

  /** Opens the journal and hands over what it holds; returns the next position. */
  long open(Reader reader) throws IOException {
    SteppedJournal opened =
        SteppedJournal.open(
            journalSettings, disk, (position, bytes) -> reader.record(position, decode(bytes)));
    journal = opened;
    durable = opened.nextPosition() - 1;
    return opened.nextPosition();
  }

  private JournalRecord decode(Bytes bytes) throws IOException {
    try {
      return codec.decode(bytes);
    } catch (MalformedMessage e) {
      throw new IOException("a journal record: " + e.getMessage(), e);
    }
  }

  private SteppedJournal journal() {
    SteppedJournal open = journal;
    if (open == null) {
      throw new IllegalStateException("the journal isn't open");
    }
    return open;
  }

  /** Writes down that this is another start, and syncs it. */
  void begin(long incarnation) throws IOException {
    journal()
        .append(
            journal().nextPosition(),
            codec.encode(new JournalRecord.Started(incarnation, incarnation)));
    if (!journal().commit(this)) {
      throw new IOException("no room to start");
    }
    if (!journal().available()) {
      busy = true;
      schedule(FULL_RETRY_MICROS);
    }
  }

  long nextPosition() {
    return journal().nextPosition();
  }

  long durable() {
    return durable;
  }

  void persist(long position, JournalRecord record) {
    journal().append(position, codec.encode(record));
    wake();
  }

  void cut(long below) {
    journal().cut(below);
    wake();
  }

  /** Runs it as soon as the journal is durable up to there. */
  void after(long position, Runnable what) {
    if (position <= durable) {
      what.run();
    } else {
      barrier.computeIfAbsent(position, _ -> new ArrayList<>(2)).add(what);
    }
  }

  private void wake() {
    if (!busy && journal().dirty()) {
      busy = true;
      schedule(dice.around(syncMicros));
    }
  }

  private void schedule(long micros) {
    long life = process.life();
    agenda.after(
        micros,
        () -> {
          if (process.lives(life)) {
            commit();
          }
        });
  }

  private void commit() {
    if (process.paused()) {
      schedule(PAUSED_RETRY_MICROS);
      return;
    }
    try {
      boolean written = journal().commit(this);
      busy = false;
      if (written && journal().available()) {
        wake();
      } else {
        busy = true;
        schedule(FULL_RETRY_MICROS);
      }
    } catch (IOException e) {
      process.failStop(e);
    }
  }

  /** The process is gone, perhaps in the middle of a write. */
  void crash(boolean powerCut) {
    SteppedJournal open = journal;
    if (busy && open != null && dice.below(2) == 0) {
      disk.cutPowerAfter(dice.below(4));
      try {
        open.commit(new Deaf());
      } catch (SimDisk.PowerCut | IOException e) {
        disk.cutPowerAfter(-1); // as it should be: what was written of it is on the disk, or not
      }
    }
    disk.crash(powerCut, dice);
    journal = null;
    busy = false;
    barrier.clear();
  }

  @Override
  public void durable(long upTo) {
    durable = upTo;
    process.synced(upTo);
    while (!barrier.isEmpty() && barrier.firstKey() <= upTo) {
      Map.Entry<Long, List<Runnable>> first = barrier.pollFirstEntry();
      first.getValue().forEach(Runnable::run);
    }
    process.durable(upTo);
  }

  @Override
  public void space(boolean available) {
    process.space(available);
  }

  @Override
  public void failed(IOException cause) {
    process.failStop(cause);
  }

  @Override
  public void synced(long nanos, int records) {
    // Virtual time knows no better.
  }

  /** Nobody is left to be told. */
  private static final class Deaf implements Journal.Listener {
    @Override
    public void durable(long upTo) {
      // The process died before it heard.
    }

    @Override
    public void space(boolean available) {
      // The process died before it heard.
    }

    @Override
    public void failed(IOException cause) {
      // The process died before it heard.
    }

    @Override
    public void synced(long nanos, int records) {
      // The process died before it heard.
    }
  }
}
