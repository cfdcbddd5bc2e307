package io.tallystick.ledger.follower;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.TilePath;
import io.tallystick.ledger.follower.ChunkCheck.Verdict;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import io.tallystick.ledger.read.Answer;
import io.tallystick.ledger.read.Question;
import io.tallystick.ledger.read.Reader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the entries that a copy lacks of a head: a few bundles at a time from different replicas,
 * appended in order as each proves true. Who lies or is silent rests, and what he was asked for, no
 * more, is asked of the next. For the follower's thread.
 */
final class EntryFetch {
  private static final Logger LOG = LoggerFactory.getLogger(EntryFetch.class);

  private final ReplicaReader reader;
  private final Peers peers;
  private final FollowerSettings settings;
  private final FollowerMeters meters;
  private final Deque<Ask> open = new ArrayDeque<>();
  private volatile boolean ended;
  private volatile CompletableFuture<?> awaited = CompletableFuture.completedFuture("");

  /** An open question. */
  private record Ask(
      ReplicaId peer, Question.EntriesFrom question, CompletableFuture<Bytes> answer) {
    long from() {
      return question.index();
    }

    int count() {
      return question.countMax();
    }
  }

  /** How an attempt ended. */
  enum End {
    /** The copy has the head whole. */
    REACHED,
    /** Nobody asked could go on; worth another attempt. */
    STUCK,
    /** The head can't be followed: see {@link Attempt#halt}. */
    HALTED
  }

  /** One attempt at one head. */
  record Attempt(End end, Optional<Verdict> halt) {}

  /** Is told after each append; may make it durable. */
  @FunctionalInterface
  interface Appended {
    void appended() throws IOException;
  }

  EntryFetch(ReplicaReader reader, Peers peers, FollowerSettings settings, FollowerMeters meters) {
    this.reader = reader;
    this.peers = peers;
    this.settings = settings;
    this.meters = meters;
  }

  /** Goes on until the copy is as large as the head, or no replica can help. */
  Attempt attempt(CopyStorage copy, ChunkCheck check, CopyHead target, Appended appended)
      throws IOException, InterruptedException {
    try {
      int failures = 0;
      long next = copy.store().size();
      while (copy.store().size() < target.size() && !ended) {
        while (open.size() < settings.asksInFlight() && next < target.size()) {
          Ask ask = ask(next, target);
          open.add(ask);
          next += ask.count();
        }
        Ask first = open.remove();
        Verdict verdict = await(first, check, target);
        switch (verdict) {
          case Verdict.Good(var entries, var envelopes) -> {
            copy.append(entries, envelopes);
            appended.appended();
            failures = 0;
            if (copy.store().size() < first.from() + first.count()) {
              open.addFirst(ask(copy.store().size(), target));
            }
          }
          case Verdict.Lie(String why) -> {
            failures++;
            if (failures > 2 * peers.count()) {
              return new Attempt(End.STUCK, Optional.empty());
            }
            open.addFirst(ask(first.from(), target));
          }
          case Verdict.Fork fork -> {
            return new Attempt(End.HALTED, Optional.of(fork));
          }
          case Verdict.Unlawful unlawful -> {
            return new Attempt(End.HALTED, Optional.of(unlawful));
          }
        }
      }
      return new Attempt(ended ? End.STUCK : End.REACHED, Optional.empty());
    } finally {
      open.forEach(ask -> ask.answer.cancel(false));
      open.clear();
    }
  }

  private Ask ask(long from, CopyHead target) {
    int count = (int) Math.min(TilePath.FULL - from % TilePath.FULL, target.size() - from);
    ReplicaId peer = peers.next(nowMillis());
    Question.EntriesFrom question =
        new Question.EntriesFrom(from, count, Reader.ANSWER_BYTES_MAX, target.size());
    return new Ask(peer, question, reader.read(peer, question.encode()));
  }

  /** Silence and nonsense count as lies, of which only the latter are held against a replica. */
  private Verdict await(Ask ask, ChunkCheck check, CopyHead target)
      throws IOException, InterruptedException {
    Bytes bytes;
    awaited = ask.answer;
    try {
      if (ended) {
        return new Verdict.Lie("the end");
      }
      bytes = ask.answer.get(settings.answerMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | CancellationException | TimeoutException e) {
      // Which of the two, and why, is the connection's to say
      return silent(ask, "no answer");
    }
    if (bytes.isEmpty()) {
      return silent(ask, "nothing to say");
    }
    Verdict verdict =
        Answer.decode(ask.question, bytes).orElse(null) instanceof Answer.Entries entries
            ? check.check(entries, target)
            : new Verdict.Lie("an answer to another question");
    if (verdict instanceof Verdict.Lie(String why)) {
      meters.lied(ask.peer);
      peers.rest(ask.peer, nowMillis(), settings.liarMillis());
      LOG.warn("{} showed {}; it isn't asked for {} ms", ask.peer, why, settings.liarMillis());
    }
    return verdict;
  }

  private Verdict silent(Ask ask, String why) {
    meters.silent(ask.peer);
    peers.rest(ask.peer, nowMillis(), settings.silentMillis());
    return new Verdict.Lie(why);
  }

  /** Ends an attempt that is going on, and any later one; for any thread. */
  void end() {
    ended = true;
    awaited.cancel(false);
  }

  private static long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
