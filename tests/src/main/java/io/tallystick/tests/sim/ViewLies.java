package io.tallystick.tests.sim;

import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;

/** Lies around view changes. */
final class ViewLies {
  private ViewLies() {}

  /** Brings old certificates, some of them, or none; to some one, to others another. */
  static final class StaleCertificate implements Lie {
    private final Forge forge;
    private final List<PreparedCertificate> old = new ArrayList<>();
    private final List<StableCheckpoint> oldStable = new ArrayList<>();
    private final boolean two;

    StaleCertificate(Forge forge) {
      this.forge = forge;
      this.two = forge.dice().below(3) == 0;
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      if (message instanceof ViewChangeMessage change && forge.isOwn(change.viewChange())) {
        remember(change);
        if (!two || to % 2 == 0) {
          out.send(to, stale(change));
          return;
        }
      }
      out.send(to, message);
    }

    @Override
    public boolean hears(int from, PeerMessage message, Sink out) {
      if (message instanceof ViewChangeMessage change) {
        remember(change);
      }
      return true;
    }

    private void remember(ViewChangeMessage change) {
      if (old.size() < 64) {
        old.addAll(change.prepared());
      }
      if (oldStable.size() < 16) {
        oldStable.addAll(change.stable());
      }
    }

    private ViewChangeMessage stale(ViewChangeMessage real) {
      long newView = real.viewChange().statement().newView();
      List<StableCheckpoint> stable = real.stable();
      if (!oldStable.isEmpty() && forge.dice().below(3) == 0) {
        stable = List.of(oldStable.getFirst());
      }
      long low = stable.isEmpty() ? 0 : stable.getFirst().seq();
      List<PreparedCertificate> prepared = new ArrayList<>();
      long next = low + 1;
      for (PreparedCertificate certificate : old) {
        boolean fits = certificate.seq() >= next;
        if (fits
            && certificate.prePrepare().statement().view() < newView
            && forge.dice().below(2) == 0) {
          prepared.add(certificate);
          next = certificate.seq() + 1;
        }
      }
      return forge.viewChange(newView, stable, forge.dice().below(2) == 0 ? prepared : List.of());
    }
  }

  /** Leaves every view, as soon as it is there. */
  static final class Leaving implements Lie {
    private final Forge forge;
    private long view;

    Leaving(Forge forge) {
      this.forge = forge;
    }

    @Override
    public boolean hears(int from, PeerMessage message, Sink out) {
      if (message instanceof PeerMessage.Status status) {
        view = Math.max(view, Math.min(status.view(), view + 1));
      }
      return true;
    }

    @Override
    public void tick(Sink out) {
      forge.toAll(forge.viewChange(view + 1 + forge.dice().below(3), List.of(), List.of()), out);
    }
  }

  /** Begins a view with what doesn't follow from the view-changes. */
  static final class WrongNewView implements Lie {
    private final Forge forge;

    WrongNewView(Forge forge) {
      this.forge = forge;
    }

    @Override
    public void sends(int to, PeerMessage message, Sink out) {
      boolean lies = forge.dice().below(3) > 0;
      out.send(
          to,
          lies && message instanceof NewViewMessage begin && forge.isOwn(begin.newView())
              ? wrong(begin)
              : message);
    }

    private NewViewMessage wrong(NewViewMessage real) {
      NewView said = real.newView().statement();
      List<Digest> batches = new ArrayList<>();
      List<PrePrepare> proposals = new ArrayList<>();
      boolean nulls = forge.dice().below(2) == 0;
      for (PrePrepare proposal : real.prePrepares()) {
        Batch other = nulls ? Batch.NULL : new Batch(forge.cluster().agenda().now(), List.of());
        PrePrepare changed = forge.proposal(proposal, _ -> other);
        proposals.add(changed);
        changed.batches().forEach(batch -> batches.add(batch.digest()));
      }
      List<NewView.ViewChangeDigest> named = said.viewChanges();
      if (forge.dice().below(4) == 0) {
        named = named.subList(1, named.size());
      }
      return new NewViewMessage(
          forge.sign(
              new NewView(
                  said.replica(), said.epoch(), said.view(), said.stableSeq(), named, batches)),
          proposals);
    }
  }
}
