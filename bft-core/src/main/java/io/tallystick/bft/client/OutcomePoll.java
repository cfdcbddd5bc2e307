package io.tallystick.bft.client;

import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What replicas answered when asked how one request ended: one answer each, the last that says
 * something. Resolved when f+1 say alike; absent and expired mean the same, and count only from a
 * replica whose ledger time is past the deadline.
 */
public final class OutcomePoll {
  private final int needed;
  private final long deadlineMicros;
  private final @Nullable Outcome[] answers;

  /**
   * Starts without answers.
   *
   * @param n number of replicas
   * @param f how many of them may lie
   */
  public OutcomePoll(int n, int f, long deadlineMicros) {
    this.needed = f + 1;
    this.deadlineMicros = deadlineMicros;
    this.answers = new Outcome[n];
  }

  /**
   * Takes one answer; returns the outcome once f+1 replicas say it.
   *
   * @param replica position of the replica among the ascending ids
   */
  public Optional<Outcome> answer(int replica, Tip tip, Outcome outcome) {
    Outcome meant =
        switch (outcome.kind()) {
          case COMMITTED, REJECTED, REACHED, UNKNOWN -> outcome;
          case EXPIRED, ABSENT ->
              tip.timeMicros() > deadlineMicros
                  ? Outcome.of(OutcomeKind.ABSENT)
                  : Outcome.of(OutcomeKind.PENDING);
          case PENDING, NOT_GRANTED, ID_REUSED, TOO_FAR, BUSY -> Outcome.of(OutcomeKind.PENDING);
        };
    answers[replica] = meant;
    if (meant.kind() == OutcomeKind.PENDING) {
      return Optional.empty();
    }
    int alike = 0;
    for (Outcome other : answers) {
      if (meant.equals(other)) {
        alike++;
      }
    }
    return alike >= needed ? Optional.of(meant) : Optional.empty();
  }

  /** How many replicas answered, whatever they said. */
  public int heard() {
    int heard = 0;
    for (Outcome answer : answers) {
      heard += answer == null ? 0 : 1;
    }
    return heard;
  }
}
