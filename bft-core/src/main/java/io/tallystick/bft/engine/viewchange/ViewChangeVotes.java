package io.tallystick.bft.engine.viewchange;

import io.tallystick.bft.message.NewView.ViewChangeDigest;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The view-changes of all members: of each, the first for the highest view that it asked for. */
final class ViewChangeVotes {

  /** What became of a view-change. */
  enum Added {
    /** The member's first for a view above all that it asked for before. */
    NEWER,
    /** It is here already. */
    SAME,
    /** The member asked for a higher view before. */
    OLDER,
    /** The member said something else for the same view before; the first stays. */
    CONTRADICTION
  }

  /** A view-change and the digest by which new-views name it. */
  record Held(ViewChangeMessage message, Digest digest) {
    long newView() {
      return message.viewChange().statement().newView();
    }

    ViewChangeDigest name() {
      return new ViewChangeDigest(message.viewChange().replica(), digest);
    }
  }

  private final @Nullable Held[] newest;
  private int accused;

  /** Has room for one view-change of each of {@code n} members. */
  ViewChangeVotes(int n) {
    newest = new Held[n];
  }

  Added add(int member, Held held) {
    Held before = newest[member];
    if (before == null || held.newView() > before.newView()) {
      newest[member] = held;
      return Added.NEWER;
    }
    if (held.newView() < before.newView()) {
      return Added.OLDER;
    }
    return held.digest().equals(before.digest()) ? Added.SAME : Added.CONTRADICTION;
  }

  /** The member's, if any is here. */
  @Nullable Held of(int member) {
    return newest[member];
  }

  /** The highest view that the member asked for; 0 before the first. */
  long view(int member) {
    Held held = newest[member];
    return held == null ? 0 : held.newView();
  }

  /** Bit i: the member at i asks for {@code view} or a later one. */
  int from(long view) {
    int bits = 0;
    for (int i = 0; i < newest.length; i++) {
      bits |= view(i) >= view ? 1 << i : 0;
    }
    return bits;
  }

  /** The view-changes for exactly {@code view}, by member. */
  List<Held> at(long view) {
    List<Held> list = new ArrayList<>();
    for (Held held : newest) {
      if (held != null && held.newView() == view) {
        list.add(held);
      }
    }
    return list;
  }

  /**
   * The view to join: from {@code view} on, as long as more than {@code f} members ask for higher
   * ones, the smallest of those.
   */
  long join(long view, int f) {
    long joined = view;
    while (Integer.bitCount(from(joined + 1)) > f) { // R8.5
      long smallest = Long.MAX_VALUE;
      for (int i = 0; i < newest.length; i++) {
        smallest = view(i) > joined ? Math.min(smallest, view(i)) : smallest;
      }
      joined = smallest;
    }
    return joined;
  }

  /** Whether this is the first accusation of that member. */
  boolean accuse(int member) {
    boolean first = (accused >> member & 1) == 0;
    accused |= 1 << member;
    return first;
  }
}
