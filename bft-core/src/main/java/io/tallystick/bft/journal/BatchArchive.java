package io.tallystick.bft.journal;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.util.Optional;

/**
 * The executed batches with their proofs, for peers that missed them. Kept whole until state
 * transfer takes its place; cutting the journal doesn't touch it.
 */
public interface BatchArchive extends AutoCloseable {

  /**
   * Keeps a batch. One at or below {@link #lastSeq} is there already (it was executed again after a
   * crash), and is ignored. One after a gap is kept; the gap is answered as not held. One thread.
   */
  void append(long seq, Bytes batch) throws IOException;

  /** Makes durable what was appended when this was called. Any thread. */
  void sync() throws IOException;

  /**
   * The batch at a sequence number, if it is held. Any thread.
   *
   * @throws IOException when it can't be read, or doesn't match its checksum
   */
  Optional<Bytes> read(long seq) throws IOException;

  /** The last sequence number held; 0 when there is none. */
  long lastSeq();

  @Override
  void close() throws IOException;
}
