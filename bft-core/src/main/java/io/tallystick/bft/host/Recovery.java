package io.tallystick.bft.host;

import io.tallystick.bft.codec.JournalCodec;
import io.tallystick.bft.codec.MalformedMessage;
import io.tallystick.bft.engine.Effects;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.engine.InvariantViolation;
import io.tallystick.bft.engine.Replica;
import io.tallystick.bft.journal.FileJournal;
import io.tallystick.bft.journal.Journal;
import io.tallystick.bft.journal.JournalSettings;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.verify.Verdict;
import io.tallystick.bft.verify.Verifier;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;

/** How a host begins: finds its journal, and gives the engine back what it vouched for. */
final class Recovery {
  private static final int START_ID_BYTES = 16;

  private final HostConfig config;
  private final DataDirectory directory;
  private final Verifier verifier;
  private final JournalCodec codec;
  private final Effects effects = new Effects();
  private VotedUpTo voted = VotedUpTo.NONE;
  private long incarnation;
  private Bytes startId = Bytes.EMPTY;

  Recovery(HostConfig config, DataDirectory directory, Verifier verifier) {
    this.config = config;
    this.directory = directory;
    this.verifier = verifier;
    this.codec = new JournalCodec(config.replica().parameters());
  }

  /**
   * Opens the journal, or begins one where no vote was ever cast.
   *
   * @param executed last sequence number in the application's state
   * @throws LostDiskException when it isn't known whether one was
   */
  FileJournal openJournal(long executed) throws IOException {
    JournalSettings settings =
        new JournalSettings(
            directory.journal(),
            config.replica().cluster(),
            config.self(),
            config.limits().segmentBytes(),
            config.limits().freeBytesMin(),
            config.limits().laneBytes());
    if (!FileJournal.exists(settings, config.disk()) && (!directory.isFresh() || executed != 0)) {
      throw new LostDiskException(config.dataDirectory());
    }
    return FileJournal.open(settings, config.disk());
  }

  /** Replays the journal into the engine; every record passes the same checks as a message. */
  void replay(Journal journal, Replica replica) throws IOException {
    Path path = directory.journal();
    incarnation = directory.incarnation();
    journal.replay(
        (position, bytes) -> {
          JournalRecord record = decode(path, position, bytes);
          switch (verifier.record(config.self(), record)) {
            case Verdict.Passed<JournalRecord>(var verified) ->
                step(path, replica, new Event.Replayed(position, verified));
            case Verdict.Failed<JournalRecord>(var failure) ->
                throw new IOException(path + ": record " + position + ": " + failure);
          }
          voted = voted.with(config.self(), record);
          if (record instanceof JournalRecord.Started(var number, _)) {
            incarnation = Math.max(incarnation, number);
          }
        });
  }

  private JournalRecord decode(Path path, long position, Bytes bytes) throws IOException {
    try {
      return codec.decode(bytes);
    } catch (MalformedMessage e) {
      throw new IOException(path + ": record " + position + ": " + e.getMessage(), e);
    }
  }

  private void step(Path path, Replica replica, Event event) throws IOException {
    try {
      replica.step(event, config.clock().now(), effects);
    } catch (InvariantViolation e) {
      throw new IOException(path + ": replayed, contradicts itself: " + e.getMessage(), e);
    }
    effects.clear();
  }

  /** Writes down that this is another start, and waits until that is durable. */
  void begin(Journal journal, JournalWatch watch) throws IOException {
    incarnation++;
    byte[] random = new byte[START_ID_BYTES];
    new SecureRandom().nextBytes(random);
    startId = Bytes.wrap(random);
    directory.incarnation(incarnation);
    long position = journal.nextPosition();
    journal.start(watch);
    JournalRecord started =
        new JournalRecord.Started(incarnation, ByteBuffer.wrap(random).getLong());
    journal.append(position, codec.encode(started));
    watch.awaitDurable(position);
    directory.noLongerFresh();
  }

  long incarnation() {
    return incarnation;
  }

  Bytes startId() {
    return startId;
  }

  VotedUpTo voted() {
    return voted;
  }
}
