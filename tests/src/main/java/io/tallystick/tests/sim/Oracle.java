package io.tallystick.tests.sim;

import io.tallystick.bft.engine.Effect.Execution;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.ReplicaSummary;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sees every step of every correct replica, and what clients are told, and stops the run at the
 * first thing that must never happen (design 3). What is faulty is left out by not being watched.
 */
final class Oracle implements Watcher {
  private record Effect(long index, long timeMicros) {}

  private final Cluster cluster;
  private final Words words;
  private final Map<Long, Digest> decided = new HashMap<>();
  private final Map<Long, TreeHead> heads = new HashMap<>();
  private final Map<Long, Digest> roots = new HashMap<>();
  private final Map<Ledger.Key, Effect> tookEffect = new HashMap<>();
  private final LongMap signedByClients = new LongMap();
  private final long[] views;
  private final long[] stables;
  private final long[] viewsNow;
  private final boolean[] disturbed;
  private final boolean[] quarantined;
  private final long rememberedMicros;
  private History.Point newest;
  private long decidedMax;
  private long viewMax;
  private long refusedStarts;
  private long accusations;

  /** Watches a cluster that begins. */
  Oracle(Cluster cluster) {
    this.cluster = cluster;
    int n = cluster.setting().n();
    words = new Words(n);
    newest = cluster.history().root();
    rememberedMicros = 2_000L * cluster.setting().parameters().deadlineMillisMax();
    views = new long[n];
    stables = new long[n];
    viewsNow = new long[n];
    disturbed = new boolean[n];
    quarantined = new boolean[n];
  }

  /** Highest sequence number that a correct replica executed: batches committed. */
  long commits() {
    return decidedMax;
  }

  /** Where the replica that is furthest ahead stands. */
  History.Point newest() {
    return newest;
  }

  long viewMax() {
    return viewMax;
  }

  long accusations() {
    return accusations;
  }

  long refusedStarts() {
    return refusedStarts;
  }

  boolean quarantined(int node) {
    return quarantined[node];
  }

  /** A client signed a bundle. */
  void signs(Bundle bundle) {
    signedByClients.putIfAbsent(bundle.digest().prefix(), 1);
  }

  /** A replica whose disk lost what it vouched for is as good as a liar. */
  @Override
  public boolean isFaulty(int node) {
    return disturbed[node];
  }

  @Override
  public void persists(int node, long position, JournalRecord record) {
    words.persists(node, position, record);
  }

  @Override
  public void durable(int node, long upTo) {
    words.durable(node, upTo, record -> noteDurable(node, record));
  }

  @Override
  public void replays(int node, JournalRecord record) {
    words.replays(node, record);
    noteDurable(node, record);
  }

  private void noteDurable(int node, JournalRecord record) {
    if (record instanceof JournalRecord.InView(var _, var view, var _)) {
      views[node] = Math.max(views[node], view);
    } else if (record instanceof JournalRecord.Stable(var checkpoint)) {
      stables[node] = Math.max(stables[node], checkpoint.seq());
    }
  }

  @Override
  public void crashes(int node) {
    words.crashes(node);
    viewsNow[node] = 0;
    quarantined[node] = false;
  }

  @Override
  public void refuses(int node, IOException why) {
    refusedStarts++;
    if (!isFaulty(node)) {
      throw new Violation("journal", "r" + node + " can't start: " + why.getMessage());
    }
  }

  /**
   * Its disk was damaged: that it refuses to start from it is right, and so is that it begins
   * without its last records, when what rotted can't be told from what was torn.
   */
  void disturb(int node) {
    disturbed[node] = true;
    cluster.lies(node);
  }

  @Override
  public void leaves(int node, PeerMessage message, long syncedSeq) {
    if (isFaulty(node)) {
      return;
    }
    words.leaves(node, message, syncedSeq);
  }

  @Override
  public void executes(int node, Execution execution) {
    if (isFaulty(node)) {
      return;
    }
    Digest digest = execution.batch().digest();
    Digest before = decided.putIfAbsent(execution.seq(), digest);
    if (before != null && !before.equals(digest)) {
      throw new Violation(
          Property.AGREEMENT,
          "r" + node + " executes " + digest + " at " + execution.seq() + ", others " + before);
    }
    certified(node, execution.certificate(), execution.seq(), digest);
    if (!execution
        .batch()
        .bundles()
        .equals(execution.bundles().stream().map(Bundle::digest).toList())) {
      throw new Violation(
          Property.AGREEMENT,
          "r" + node + " executes " + execution.seq() + " with other bodies than the batch names");
    }
    for (Bundle bundle : execution.bundles()) {
      if (!signedByClients.contains(bundle.digest().prefix())) {
        throw new Violation(Property.VALIDITY, "nobody signed bundle " + bundle.digest());
      }
    }
  }

  /** Whether a quorum of different replicas signed commits for exactly this. */
  private void certified(int node, CommitCertificate certificate, long seq, Digest digest) {
    long signers = 0;
    for (Signed<Vote> commit : certificate.commits()) {
      Vote vote = commit.statement();
      boolean names = vote.slots().contains(new SlotDigest(seq, digest));
      int index = cluster.setting().membership().indexOf(vote.replica());
      if (vote.phase() != VotePhase.COMMIT || vote.view() != certificate.view() || !names) {
        continue;
      }
      PublicKey key = cluster.setting().membership().members().get(index).identityKey();
      byte[] signed = vote.signedBytes(cluster.setting().genesis().hash());
      if (cluster.check().verify(key, signed, commit.signature())) {
        signers |= 1L << index;
      }
    }
    if (Long.bitCount(signers) < cluster.setting().membership().quorum()) {
      throw new Violation(
          Property.CERTIFIED_ONLY,
          "r" + node + " executes " + seq + " on the word of " + Long.bitCount(signers));
    }
  }

  @Override
  public void executed(
      int node, Execution execution, History.Point point, HeadCosignature cosignature) {
    if (isFaulty(node)) {
      return;
    }
    TreeHead head = point.head;
    TreeHead before = heads.putIfAbsent(execution.seq(), head);
    Digest root = roots.putIfAbsent(head.size(), head.root());
    if (before != null && !before.equals(head) || root != null && !root.equals(head.root())) {
      throw new Violation(
          Property.LEDGER_PREFIX, "r" + node + " at " + execution.seq() + ": " + head);
    }
    words.cosigns(node, head);
    if (execution.seq() > decidedMax) {
      decidedMax = execution.seq();
      newest = point;
      effects(execution, point);
    }
  }

  private void effects(Execution execution, History.Point point) {
    for (int i = 0; i < execution.bundles().size(); i++) {
      List<Request> requests = execution.bundles().get(i).requests();
      for (int j = 0; j < requests.size(); j++) {
        Outcome outcome = point.outcomes.get(i).get(j);
        if (outcome.kind() != OutcomeKind.COMMITTED) {
          continue;
        }
        Request request = requests.get(j);
        Ledger.Key key = new Ledger.Key(request.principal(), request.id());
        Effect fresh = new Effect(outcome.index(), point.timeMicros);
        Effect before = tookEffect.get(key);
        if (before != null && before.index == outcome.index()) {
          continue;
        }
        // An outcome is remembered for 2M; after that the id names a new request (design 12)
        if (before != null && point.timeMicros <= before.timeMicros + rememberedMicros) {
          throw new Violation(Property.EXECUTE_ONCE, key + ": " + before + " and " + fresh);
        }
        if (point.timeMicros > request.deadlineMicros()) {
          throw new Violation(Property.VALIDITY, key + " after its deadline");
        }
        tookEffect.put(key, fresh);
      }
    }
  }

  /** A client was told that this ended so, with proof. */
  void receipted(List<Request> requests, List<Outcome> outcomes, TreeHead head) {
    Digest root = roots.get(head.size());
    if (root == null || !root.equals(head.root())) {
      throw new Violation(Property.RECEIPT_HOLDS, "nobody's ledger has the head " + head);
    }
    decided(requests, outcomes);
  }

  /** A client was told by f+1 replicas that this ended so. */
  void decided(List<Request> requests, List<Outcome> outcomes) {
    for (int i = 0; i < requests.size(); i++) {
      Outcome outcome = outcomes.get(i);
      if (outcome.kind() == OutcomeKind.COMMITTED) {
        Request asked = requests.get(i);
        Ledger ledger = newest.ledger;
        boolean there = outcome.index() > 0 && outcome.index() < newest.head.size();
        Request held = there ? ledger.request(outcome.index()) : asked;
        if (!there
            || !held.id().equals(asked.id())
            || !held.principal().equals(asked.principal())) {
          throw new Violation(
              Property.RECEIPT_HOLDS, asked.id() + " is told to be at " + outcome.index());
        }
      }
    }
  }

  @Override
  public void stands(int node, ReplicaSummary now) {
    if (isFaulty(node)) {
      return;
    }
    if (now.stable() < stables[node]) {
      throw new Violation(
          Property.SAID_STAYS_SAID,
          "r" + node + " stable " + now.stable() + " after " + stables[node]);
    }
    if (now.view() < views[node] || now.view() < viewsNow[node]) {
      throw new Violation(
          Property.SAID_STAYS_SAID, "r" + node + " goes back to view " + now.view());
    }
    viewsNow[node] = now.view();
    viewMax = Math.max(viewMax, now.active() ? now.view() : 0);
    long bytesMax = cluster.setting().admission().totalBytes();
    int requestsMax = cluster.setting().admission().totalRequests();
    if (now.unexecuted() > Math.max(0, now.high() - now.executed())
        || now.admittedBytes() > bytesMax * (cluster.setting().n() + 1)
        || now.admittedRequests() > requestsMax * (cluster.setting().n() + 1)) {
      throw new Violation(Property.BOUNDED, "r" + node + " holds too much: " + now);
    }
  }

  @Override
  public void bounded(int node, int effects, int effectsMax) {
    if (effects > effectsMax) {
      throw new Violation(Property.BOUNDED, "r" + node + ": " + effects + " effects of one step");
    }
  }

  @Override
  public void rejects(int node, ReplicaId sender, RejectReason why) {
    // Correct replicas overtake one another; what is rejected of liars is as it should be.
  }

  @Override
  public void accuses(int node, ReplicaId culprit, Evidence evidence) {
    accusations++;
    if (isFaulty(node)) {
      return;
    }
    if (cluster.isCorrect(cluster.setting().membership().indexOf(culprit))) {
      throw new Violation("accusation", "r" + node + " accuses " + culprit + ", who is correct");
    }
  }

  @Override
  public void quarantines(int node, String why) {
    quarantined[node] = true;
    if (isFaulty(node)) {
      return;
    }
    throw new Violation("quarantine", "r" + node + ", which is correct: " + why);
  }
}
