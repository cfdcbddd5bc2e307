package io.tallystick.bft.engine.viewchange;

import io.tallystick.bft.engine.viewchange.ViewChangeVotes.Held;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.NewView.ViewChangeDigest;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A new-view that waits for the view-changes which it names. */
final class PendingNewView {
  private final NewViewMessage message;
  private final @Nullable Held[] named;
  private int lacking;
  private int asked;

  /**
   * Lacks all of them yet.
   *
   * @param sender index of the peer that is asked for them first
   */
  PendingNewView(NewViewMessage message, int sender) {
    this.message = message;
    this.named = new Held[statement().viewChanges().size()];
    this.lacking = named.length;
    this.asked = sender;
  }

  NewViewMessage message() {
    return message;
  }

  NewView statement() {
    return message.newView().statement();
  }

  long view() {
    return statement().view();
  }

  /** Takes the view-change if it is named, asks for this view, and isn't here. */
  boolean offer(Held held) {
    for (int i = 0; i < named.length; i++) {
      if (named[i] == null
          && held.newView() == view()
          && statement().viewChanges().get(i).equals(held.name())) {
        named[i] = held;
        lacking--;
        return true;
      }
    }
    return false;
  }

  /** Whether every view-change is here, and all of them ask for this view. */
  boolean complete() {
    return lacking == 0;
  }

  /** The view-changes that are here. */
  List<Held> named() {
    List<Held> list = new ArrayList<>();
    for (Held held : named) {
      if (held != null) {
        list.add(held);
      }
    }
    return list;
  }

  /** The names of those that are not. */
  List<ViewChangeDigest> lacking() {
    List<ViewChangeDigest> list = new ArrayList<>();
    for (int i = 0; i < named.length; i++) {
      if (named[i] == null) {
        list.add(statement().viewChanges().get(i));
      }
    }
    return list;
  }

  /** Index of the peer that was asked last. */
  int asked() {
    return asked;
  }

  void asked(int peer) {
    asked = peer;
  }
}
