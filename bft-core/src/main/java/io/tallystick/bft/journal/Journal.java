package io.tallystick.bft.journal;

import io.tallystick.crypto.Bytes;
import java.io.IOException;

/**
 * An append-only log of records at positions 1, 2, 3 …, whose old end is cut. Replayed once, then
 * started; appended to by one thread.
 */
public interface Journal extends AutoCloseable {

  /** Takes what the journal holds, in order. */
  interface Reader {
    /** One record. */
    void record(long position, Bytes record) throws IOException;
  }

  /** What the journal says, on its own thread. */
  interface Listener {
    /** All records up to and with this position are on disk. */
    void durable(long upTo);

    /** The disk is almost full ({@code false}), or has space again. */
    void space(boolean available);

    /** A write or a sync failed: nothing more is written, ever. */
    void failed(IOException cause);

    /** A sync was done that took so long, and made so many records durable. */
    void synced(long nanos, int records);
  }

  /**
   * Hands over all that is held, and cuts a torn tail. Called once, before {@link #start}.
   *
   * @throws DamagedJournalException when something that was durable can't be read
   */
  void replay(Reader reader) throws IOException;

  /** The position after the last record; known once replayed. */
  long nextPosition();

  /** Begins to write what is appended. */
  void start(Listener listener);

  /**
   * Queues a record; waits while the queue is full.
   *
   * @param position {@link #nextPosition}, or one more than that of the record before
   */
  void append(long position, Bytes record);

  /** Records below this position are needed no more; some may stay for a while. */
  void cut(long below);

  /** Makes durable what was appended, unless there is no room for it, and lets go of the files. */
  @Override
  void close() throws IOException;
}
