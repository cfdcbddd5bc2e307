package io.tallystick.bft.engine;

/** What must never happen, whoever is faulty and whatever crashes (design 3). */
public enum Property {
  /** Two correct replicas execute different batches at one sequence number. */
  AGREEMENT("agreement"),
  /** Of two tree heads of correct replicas, neither is a prefix of the other. */
  LEDGER_PREFIX("ledger-prefix"),
  /** A replica contradicts what it signed, or its view, epoch or stable checkpoint goes back. */
  SAID_STAYS_SAID("said-stays-said"),
  /** A request takes effect twice. */
  EXECUTE_ONCE("execute-once"),
  /** A request takes effect that no client signed, or after its deadline. */
  VALIDITY("validity"),
  /** A correct replica signs two digests for one (type, epoch, view, sequence number). */
  NO_EQUIVOCATION("no-equivocation"),
  /** A vote leaves before what it vouches for is on disk. */
  DURABLE_BEFORE_VOTE("durable-before-vote"),
  /** A valid receipt for an entry that the ledger doesn't hold there. */
  RECEIPT_HOLDS("receipt-holds"),
  /** State is installed, or a batch executed, without a quorum's signatures. */
  CERTIFIED_ONLY("certified-only"),
  /** Something grows past its configured share. */
  BOUNDED("bounded");

  private final String label;

  Property(String label) {
    this.label = label;
  }

  /** Its name in metrics, logs and docs. */
  public String label() {
    return label;
  }
}
