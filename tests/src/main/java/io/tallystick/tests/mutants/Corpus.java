package io.tallystick.tests.mutants;

import java.util.List;

/** The mistakes, by the room that they are made in. */
final class Corpus {
  private static final String AGREEMENT = "engine/ordering/Agreement.java";
  private static final String NEW_VIEW_RULES = "engine/viewchange/NewViewRules.java";
  private static final String VIEW_CHANGES = "engine/viewchange/ViewChanges.java";
  private static final String CERTIFICATES = "verify/CertificateChecks.java";

  private Corpus() {}

  static List<Mutant> all() {
    return List.of(QUORUMS, ORDERING, DURABILITY, VIEWS, CHECKS, LIVENESS).stream()
        .flatMap(List::stream)
        .toList();
  }

  private static final List<Mutant> QUORUMS =
      List.of(
          new Mutant(
              "a quorum is 2f+1, whatever n is",
              "membership/Quorums.java",
              "return (n + faulty(n) + 2) / 2;",
              "return 2 * faulty(n) + 1;"),
          new Mutant(
              "one commit too few decides",
              AGREEMENT,
              "if (commits.count(digest, -1) < quorum) {",
              "if (commits.count(digest, -1) < quorum - 1) {"),
          new Mutant(
              "one prepare too few is a certificate",
              AGREEMENT,
              "int needed = turn.membership().quorum() - 1;",
              "int needed = turn.membership().quorum() - 2;"),
          new Mutant(
              "votes count for any digest",
              "engine/ordering/VoteSet.java",
              "      if (cast != null && cast.digest.equals(digest)) {\n        bits |= 1 << i;",
              "      if (cast != null) {\n        bits |= 1 << i;"),
          new Mutant(
              "votes of earlier views count",
              AGREEMENT,
              "if (vote.view() != views.view()) {",
              "if (vote.view() > views.view()) {"));

  private static final List<Mutant> ORDERING =
      List.of(
          new Mutant(
              "the second proposal takes the place of the first",
              AGREEMENT,
              "    if (first != null) {\n      if (attempt.proposes(word.batch())) {",
              "    if (first != null && attempt.proposes(word.batch())) {\n      if (true) {"),
          new Mutant(
              "a watermark off by one",
              "engine/ordering/Window.java",
              "return seq > low && seq <= high(); // R6.3",
              "return seq > low && seq <= high() + 1; // R6.3"),
          new Mutant(
              "a prepare without the bodies",
              AGREEMENT,
              "attempt.unacceptable() || !slot.complete() && !slot.wrote(digest)",
              "attempt.unacceptable()"),
          new Mutant(
              "ledger time is what the primary says",
              "engine/ordering/Executions.java",
              "ledgerTimeMicros = Math.max(before + 1, batch.timestampMicros());",
              "ledgerTimeMicros = batch.timestampMicros();"));

  private static final List<Mutant> DURABILITY =
      List.of(
          new Mutant(
              "votes leave before they are synced",
              "engine/ordering/Voice.java",
              "turn.multicastAfter(position, new Ballot(vote));",
              "turn.multicast(new Ballot(vote));"),
          new Mutant(
              "no record of a prepared certificate",
              AGREEMENT,
              "    turn.persist(new JournalRecord.Prepared(certificate));\n",
              ""),
          new Mutant(
              "no record of bodies",
              AGREEMENT,
              "last = turn.persist(new JournalRecord.Body(slot.seq(), bundle));",
              "last = Math.max(last, bundle.requests().isEmpty() ? 1 : last);"),
          new Mutant(
              "no record of proposals",
              AGREEMENT,
              "last = turn.persist(new JournalRecord.Proposal(proposal));",
              "last = turn.persist(new JournalRecord.InView(views.epoch(), views.view(), true));"),
          new Mutant(
              "view-changes leave before they are synced",
              VIEW_CHANGES,
              "turn.multicastAfter(views.changed(own), own);",
              "views.changed(own);\n    turn.multicast(own);"),
          new Mutant(
              "checkpoints leave before the application is synced",
              "engine/checkpoint/Checkpoints.java",
              "new ArrayList<>(own.headMap(synced, true).values())",
              "new ArrayList<>(own.values())"),
          new Mutant(
              "the journal is cut with each checkpoint, synced or not",
              "engine/checkpoint/JournalCuts.java",
              "while (!waiting.isEmpty() && waiting.getFirst().seq() <= seq) {",
              "while (!waiting.isEmpty()) {"));

  private static final List<Mutant> VIEWS =
      List.of(
          new Mutant(
              "the certificate of the lowest view is chosen",
              NEW_VIEW_RULES,
              "viewOf(b) > viewOf(a) ? b : a",
              "viewOf(b) < viewOf(a) ? b : a"),
          new Mutant(
              "null batches in the place of prepared ones",
              NEW_VIEW_RULES,
              "batches.add(certificate == null ? Batch.NULL : certificate.batch());",
              "batches.add(Batch.NULL);"),
          new Mutant(
              "no null batch for a gap",
              NEW_VIEW_RULES,
              "batches.add(certificate == null ? Batch.NULL : certificate.batch());",
              "if (certificate != null) {\n        batches.add(certificate.batch());\n      }"),
          new Mutant(
              "the lowest stable checkpoint is chosen",
              NEW_VIEW_RULES,
              "proof.seq() > stable.get().seq()",
              "proof.seq() < stable.get().seq()"),
          new Mutant(
              "view-changes keep certificates to themselves",
              VIEW_CHANGES,
              "        prepared.add(certificate); // R8.2\n",
              ""),
          new Mutant(
              "a new-view is believed",
              "engine/viewchange/NewViews.java",
              "statement.stableSeq() != choice.stableSeq()"
                  + " || !statement.batches().equals(digests)",
              "statement.stableSeq() < 0"),
          new Mutant(
              "votes for a view that was left",
              "engine/ordering/Voice.java",
              "!matters || statement.view() != views.view() || turn.quarantined()",
              "!matters || turn.quarantined()"));

  private static final List<Mutant> CHECKS =
      List.of(
          new Mutant(
              "certificates of few are enough",
              CERTIFICATES,
              "return seen.cardinality() >= needed\n",
              "return seen.cardinality() >= 1\n"),
          new Mutant(
              "a certificate is good for every slot",
              CERTIFICATES,
              "          && vote.slots().contains(new SlotDigest(seq, batch));",
              "          && (seq == 0 || batch != null);"),
          new Mutant(
              "signatures of statements aren't looked at",
              "verify/StatementChecks.java",
              "return signatures.verify(member.get().identityKey(), layout, signed.signature())",
              "return layout.length > 0"));

  private static final List<Mutant> LIVENESS =
      List.of(
          new Mutant(
              "no view timer",
              "engine/viewchange/ViewTimer.java",
              "turn.arm(TimerName.VIEW, ticks);",
              "turn.arm(TimerName.VIEW, ticks << 20);"),
          new Mutant(
              "nobody joins f+1 others",
              "engine/viewchange/ViewChangeVotes.java",
              "while (Integer.bitCount(from(joined + 1)) > f) {",
              "while (Integer.bitCount(from(joined + 1)) > 3 * f) {"),
          new Mutant(
              "nothing is sent again", "engine/Replica.java", "        status.tick();\n", ""));
}
