package io.tallystick.bft.message;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Signature;
import java.util.List;
import java.util.Optional;

/** What clients and replicas say to each other; everything rides on the session's MAC. */
public sealed interface ClientMessage {

  /** From a client to a replica. */
  sealed interface Ask extends ClientMessage {}

  /** From a replica to a client. */
  sealed interface Answer extends ClientMessage {}

  /** Wants a bundle ordered. Sent to every replica; sent again when nothing was heard. */
  record Submit(Bundle bundle) implements Ask {}

  /** Wants the answer to a bundle in full from this replica, since another didn't give it. */
  record AskFull(Digest bundle) implements Ask {}

  /** Wants to know how a request ended. {@code query} comes back with the answer. */
  record AskOutcome(long query, String principal, RequestId id, long deadlineMicros)
      implements Ask {}

  /** Wants the newest published head. */
  record AskHead(long query) implements Ask {}

  /** Wants the application to answer a read; bounded, not ordered, not agreed upon. */
  record AskRead(long query, Bytes question) implements Ask {}

  /** Wants to know how the replica stands. */
  record AskStanding(long query) implements Ask {}

  /**
   * Where a replica stood when it answered.
   *
   * @param seq last sequence number executed
   * @param timeMicros ledger time there
   */
  record Tip(long epoch, long seq, long timeMicros) {}

  /** The first thing a replica says in a session. */
  record Greeting(Tip tip) implements Answer {}

  /**
   * How a bundle's requests ended.
   *
   * @param tip of the batch that held it
   * @param outcomes one for each request, in order
   * @param head the tree head after that batch, cosigned by the answering replica
   * @param full only from the replica that answers in full
   */
  record BundleReply(
      Tip tip, Digest bundle, List<Outcome> outcomes, HeadCosignature head, Optional<Full> full)
      implements Answer {
    public BundleReply {
      outcomes = List.copyOf(outcomes);
    }
  }

  /**
   * What only one replica needs to send.
   *
   * @param logSignature of the log key on the same head (type 0x01)
   * @param appendix the application's: envelopes and proofs
   */
  record Full(Signature logSignature, Bytes appendix) {}

  /** Why a replica didn't admit a bundle. Others may have. */
  enum RefusalReason {
    /** This client has as many bytes or requests pending as it may. */
    CLIENT_QUOTA,
    /** The replica has as many bytes or requests pending as it may. */
    TOTAL_QUOTA,
    /** The replica doesn't vote at the moment: its disk is full, or it is quarantined. */
    NOT_VOTING,
    /** The bundle breaks a rule; the detail says which. Sending it again won't help. */
    MALFORMED
  }

  /** A bundle was not admitted; worth another try after {@code retryMillis}, unless malformed. */
  record Refusal(Digest bundle, RefusalReason reason, String detail, long retryMillis)
      implements Answer {}

  /** Answers {@link AskOutcome}. */
  record OutcomeAnswer(long query, Tip tip, Outcome outcome) implements Answer {}

  /** Answers {@link AskHead}: the head with its log signature, none before the first. */
  record HeadAnswer(long query, Tip tip, Optional<LoggedHead> head) implements Answer {}

  /** A published head and the log key's signature on it. */
  record LoggedHead(PublishedHead head, Signature logSignature) {}

  /** Answers {@link AskRead}; empty when the application couldn't. */
  record ReadAnswer(long query, Tip tip, Bytes answer) implements Answer {}

  /**
   * Answers {@link AskStanding}.
   *
   * @param version of the software
   * @param voting whether it takes part
   */
  record Standing(
      long query,
      ReplicaId replica,
      Tip tip,
      long view,
      long stable,
      TreeHead head,
      String version,
      boolean voting)
      implements Answer {}
}
