package io.tallystick.ledger.store;

/** One block of a {@link PostingFile}: some of a stream's postings. Nobody changes its array. */
final class PostingBlock {
  private final int number;
  private final int stream;
  private final int ordinal;
  private final long[] postings;
  private final int count;

  /**
   * Takes the array over.
   *
   * @param number place in the file
   * @param stream the stream's number
   * @param ordinal which of the stream's blocks
   * @param postings indexes in the ledger; empty when full and not loaded
   * @param count how many postings there are
   */
  PostingBlock(int number, int stream, int ordinal, long[] postings, int count) {
    this.number = number;
    this.stream = stream;
    this.ordinal = ordinal;
    this.postings = postings;
    this.count = count;
  }

  int number() {
    return number;
  }

  int stream() {
    return stream;
  }

  int ordinal() {
    return ordinal;
  }

  int count() {
    return count;
  }

  long posting(int at) {
    return postings[at];
  }

  /** The array itself, for whoever goes on filling the block. */
  long[] postings() {
    return postings;
  }
}
