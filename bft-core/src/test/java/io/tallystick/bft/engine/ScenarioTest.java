package io.tallystick.bft.engine;

import io.tallystick.bft.fixture.Scenario;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The golden scenarios: each is a text that can be read aloud, in {@code resources/scenarios}. */
class ScenarioTest {

  @Test
  @DisplayName("R6.6 R6.7 the three phases: executed when a quorum committed")
  void decidesABatchInThreePhases() {
    Scenario.play("normal-case");
  }

  @Test
  @DisplayName("R4.1 at n=5 four prepare and commit, three are not enough")
  void needsFourOfFive() {
    Scenario.play("quorum-of-four-in-five");
  }

  @Test
  @DisplayName("R4.1 at n=6 no two halves both go on")
  void needsFourOfSix() {
    Scenario.play("quorum-of-four-in-six");
  }

  @Test
  @DisplayName("R4.1 at n=7 works with f down, waits with one more")
  void worksWithTwoOfSevenDown() {
    Scenario.play("quorum-with-7");
  }

  @Test
  @DisplayName("R4.1 at n=10 works with f down, waits with one more")
  void worksWithThreeOfTenDown() {
    Scenario.play("quorum-with-10");
  }

  @Test
  @DisplayName("R4.1 at n=13 works with f down, waits with one more")
  void worksWithFourOfThirteenDown() {
    Scenario.play("quorum-with-13");
  }

  @Test
  @DisplayName("R6.7 votes before proposals, slots in reverse: executed in order")
  void executesInOrderWhateverArrivesFirst() {
    Scenario.play("any-order");
  }

  @Test
  @DisplayName("S21 R6.2 R6.8 an equivocating primary: never both are executed")
  void neverDecidesBothOfAnEquivocatingPrimary() {
    Scenario.play("equivocating-primary");
  }

  @Test
  @DisplayName("S21 R4.1 each half alone decides nothing")
  void decidesNothingWithoutAQuorum() {
    Scenario.play("equivocation-without-quorum");
  }

  @Test
  @DisplayName("S6 R4.2 R6.8 many votes of one replica for a slot: counted once, evidence kept")
  void countsAReplicaOnce() {
    Scenario.play("conflicting-votes");
  }

  @Test
  @DisplayName("S23 S24 R4.3 R4.4 votes for another epoch, view or slot count for nothing")
  void countsAVoteForItsSlotOnly() {
    Scenario.play("votes-that-do-not-count");
  }

  @Test
  @DisplayName("S5 S47 R6.3 far-future messages are dropped; a tall height pins nobody")
  void keepsNothingOfTheFarFuture() {
    Scenario.play("far-future");
  }

  @Test
  @DisplayName("S27 R9.1 a backup catches up though the system is quiet")
  void catchesUpWhenAllIsQuiet() {
    Scenario.play("late-backup");
  }

  @Test
  @DisplayName("S26 R6.3 R7.6 a lagging low watermark: asked for again, no harm")
  void getsAgainWhatItHadToDrop() {
    Scenario.play("low-watermark-lags");
  }

  @Test
  @DisplayName("S28 R6.12 the future waits for the clock, the past is harmless")
  void holdsBackTheFuture() {
    Scenario.play("timestamps");
  }

  @Test
  @DisplayName("S28 R6.12 a slow clock follows f+1 other backups")
  void followsOthersWhenItsClockIsSlow() {
    Scenario.play("timestamp-others-prepared");
  }

  @Test
  @DisplayName("S37 R6.5 a missing bundle is fetched, from one after the other")
  void fetchesAMissingBundle() {
    Scenario.play("missing-bundle");
  }

  @Test
  @DisplayName("R6.5 what a batch names is not subject to admission")
  void takesAWantedBundleFromItsClient() {
    Scenario.play("client-brings-missing-bundle");
  }

  @Test
  @DisplayName("R6.5 an unsolicited bundle is not kept")
  void refusesABundleNobodyAskedFor() {
    Scenario.play("unsolicited");
  }

  @Test
  @DisplayName("R6.10 four proposals are unfinished at most, the next batch fills")
  void boundsUnfinishedProposals() {
    Scenario.play("pipeline");
  }

  @Test
  @DisplayName("R6.3 R7.2 the window is full until a checkpoint is stable")
  void stopsAtTheHighWatermark() {
    Scenario.play("window-full");
  }

  @Test
  @DisplayName(
      "R7.1 R7.2 R7.4 a stable checkpoint moves watermarks; the cut waits for the own store")
  void cutsTheJournalOnceSynced() {
    Scenario.play("checkpoint-and-cut");
  }

  @Test
  @DisplayName("S55 R10.1 R6.7 all lose power with unsynced records: decided stays decided")
  void losesNothingThatWasDecided() {
    Scenario.play("power-cut");
  }

  @Test
  @DisplayName("S22 R8.13 R10.2 R10.3 a restarted primary asks for the next view")
  void asksForTheNextViewAfterARestart() {
    Scenario.play("restarted-primary");
  }

  @Test
  @DisplayName("R6.1 R9.1 a proposal is passed on by whoever holds it")
  void takesAProposalFromAnybody() {
    Scenario.play("relayed-proposal");
  }

  @Test
  @DisplayName("S14 R12.2 retries, twins and re-proposals: executed once")
  void executesOnce() {
    Scenario.play("duplicates");
  }

  @Test
  @DisplayName("R6.10 R6.11 quotas refuse; clients are served in turn")
  void refusesOverQuotaAndStarvesNobody() {
    Scenario.play("quotas");
  }

  @Test
  @DisplayName("R12.1 past its deadline a bundle is dropped, its quota free")
  void dropsWhatIsPastItsDeadline() {
    Scenario.play("deadlines");
  }

  @Test
  @DisplayName("S50 R9.4 the same batch by catching up and by consensus: applied once")
  void appliesABatchOnce() {
    Scenario.play("sync-and-consensus");
  }

  @Test
  @DisplayName("S27 R9.3 R9.5 beyond the window executed batches are fetched")
  void fetchesBatchesBeyondTheWindow() {
    Scenario.play("catch-up-beyond-window");
  }

  @Test
  @DisplayName("S56 R10.4 a full disk stops voting, space resumes it")
  void stopsVotingWhileTheDiskIsFull() {
    Scenario.play("disk-full");
  }

  @Test
  @DisplayName("S52 R7.5 R10.4 one differs: quarantined, the others go on")
  void quarantinesAReplicaThatDiffers() {
    Scenario.play("silent-difference");
  }

  @Test
  @DisplayName("S52 R7.5 f+1 differ: all halt loudly")
  void haltsWhenMoreThanFDiffer() {
    Scenario.play("more-than-f-differ");
  }

  @Test
  @DisplayName("S20 R6.1 R6.3 R6.4 proposals that break a bound")
  void neverPreparesWhatBreaksABound() {
    Scenario.play("proposals-that-break-bounds");
  }

  @Test
  @DisplayName("S20 R6.15 an idle primary proposes empty batches")
  void proposesEmptyBatchesWhenIdle() {
    Scenario.play("idle");
  }

  @Test
  @DisplayName("R7.3 R6.8 published heads, and evidence of two roots")
  void publishesHeadsOfAQuorum() {
    Scenario.play("heads");
  }

  @Test
  @DisplayName("R6.8 two checkpoints of one replica at one sequence number")
  void keepsEvidenceOfTwoCheckpoints() {
    Scenario.play("conflicting-checkpoints");
  }

  @Test
  @DisplayName("S58 S22 R6.9 its own signature on what it never said")
  void stopsWhenItMeetsItsTwin() {
    Scenario.play("own-signature");
  }

  @Test
  @DisplayName("S55 R10.2 R9.3 all restart, each from somewhere else")
  void goesOnAfterAllRestartApart() {
    Scenario.play("all-restart-apart");
  }

  @Test
  @DisplayName("S24 R6.2 R6.3 a statement for several slots counts slot by slot")
  void countsEachSlotOfAVote() {
    Scenario.play("several-slots");
  }

  @Test
  @DisplayName("S22 R8.5 R8.11 R8.12 a silent primary: others join, the next one proposes at once")
  void goesOnWithoutASilentPrimary() {
    Scenario.play("view-change");
  }

  @Test
  @DisplayName("R8.2 R8.8 R8.9 what is prepared keeps its place, the gap is null, the rest waits")
  void carriesWhatIsPrepared() {
    Scenario.play("view-change-certificates");
  }

  @Test
  @DisplayName("R8.10 R8.14 S14 what is executed is voted on again, and executed once")
  void votesAgainOnWhatIsDecided() {
    Scenario.play("view-change-decided");
  }

  @Test
  @DisplayName("R8.1 R8.4 alone in a later view: learns what is decided, votes when others come")
  void learnsWhileItIsAlone() {
    Scenario.play("view-change-alone");
  }

  @Test
  @DisplayName("S22 R8.6 two faulty primaries in a row at n=7")
  void passesOverTwoFaultyPrimaries() {
    Scenario.play("view-change-two-in-a-row");
  }

  @Test
  @DisplayName("S55 S22 R8.3 R8.13 all lose power in the middle of a view change")
  void comesBackInTheMiddleOfAViewChange() {
    Scenario.play("view-change-power-cut");
  }

  @Test
  @DisplayName("S37 R8.10 R6.5 bodies of what is proposed again are fetched")
  void fetchesBodiesOfWhatIsProposedAgain() {
    Scenario.play("view-change-bodies");
  }

  @Test
  @DisplayName("R8.16 a bundle that one backup has alone is forwarded, and deposes nobody")
  void forwardsWhatThePrimaryLacks() {
    Scenario.play("forwarding");
  }

  @Test
  @DisplayName("S22 R8.20 R6.15 a primary that falls silent is noticed with no client waiting")
  void noticesASilentPrimaryWhenAllIsQuiet() {
    Scenario.play("idle-primary-dies");
  }
}
