package io.tallystick.ledger.follower;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Asks replicas for their newest heads: f+1 at a time, in turn, so that a correct one always is
 * among them; nobody waits for the slow. Of each replica at most one question is open and one
 * answer kept. Asks and takes on the follower's thread; answers come on any.
 */
final class HeadPoll {
  private final ReplicaReader reader;
  private final List<ReplicaId> ids;
  private final int together;
  private final Runnable heard;
  private final List<CompletableFuture<?>> open = new ArrayList<>();
  private final AtomicReferenceArray<@Nullable LoggedHead> answers;
  private int next;

  HeadPoll(ReplicaReader reader, List<ReplicaId> ids, int together, Runnable heard) {
    this.reader = reader;
    this.ids = List.copyOf(ids);
    this.together = together;
    this.heard = heard;
    this.answers = new AtomicReferenceArray<>(ids.size());
    ids.forEach(id -> open.add(CompletableFuture.completedFuture(Optional.empty())));
  }

  void ask() {
    int asked = 0;
    for (int i = 0; i < ids.size() && asked < together; i++) {
      int at = next;
      next = (next + 1) % ids.size();
      if (open.get(at).isDone()) {
        asked++;
        open.set(at, reader.head(ids.get(at)).thenAccept(head -> head.ifPresent(h -> keep(at, h))));
      }
    }
  }

  private void keep(int at, LoggedHead head) {
    answers.set(at, head);
    heard.run();
  }

  /** What was heard since the last call. */
  List<LoggedHead> take() {
    List<LoggedHead> heads = new ArrayList<>();
    for (int at = 0; at < ids.size(); at++) {
      LoggedHead head = answers.getAndSet(at, null);
      if (head != null && !heads.contains(head)) {
        heads.add(head);
      }
    }
    return heads;
  }
}
