package io.tallystick.bft.message;

import java.util.List;

/**
 * Proof that a batch is decided at a sequence number: commits of a quorum of one view.
 *
 * @param commits of different replicas, each naming {@code seq} with the batch's digest
 */
public record CommitCertificate(
    long epoch, long view, long seq, Batch batch, List<Signed<Vote>> commits) {
  /** Copies the list. */
  public CommitCertificate {
    commits = List.copyOf(commits);
  }
}
