package io.tallystick.bft.message;

/** PBFT's three phases, in order; the context is what separates their signatures. */
public enum VotePhase {
  /** The primary's proposal. */
  PRE_PREPARE("pre-prepare"),
  /** A backup holds the proposal and all it names. */
  PREPARE("prepare"),
  /** A replica holds a prepared certificate. */
  COMMIT("commit");

  private final String context;

  VotePhase(String context) {
    this.context = context;
  }

  /** Type in the signed layout's context. */
  public String context() {
    return context;
  }
}
