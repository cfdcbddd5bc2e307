package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one sequence number: the attempt of the current view, and what outlives
 * views: the prepared certificate of the highest one, the commit certificate, the bodies.
 */
public final class SlotState {
  private static final Bundle[] NO_BODIES = {};

  private final long seq;
  private @Nullable PreparedCertificate prepared;
  private @Nullable CommitCertificate committed;
  private @Nullable Batch batch;
  private @Nullable Bundle[] bodies = NO_BODIES;
  private int lacking;
  private boolean executed;
  private long firstPosition;
  private final long[] answeredTicks;
  private Attempt attempt;
  private @Nullable Digest written;
  private List<Bundle> kept = List.of();

  SlotState(long seq, long view, int n) {
    this.seq = seq;
    this.attempt = new Attempt(view, n);
    this.answeredTicks = new long[n];
  }

  /** Its sequence number. */
  public long seq() {
    return seq;
  }

  /** What happens to it in the current view. */
  public Attempt attempt() {
    return attempt;
  }

  /** A later view begins: what was said and heard of this slot in the last one counts no more. */
  void enter(long view) {
    attempt = new Attempt(view, answeredTicks.length);
  }

  /** The prepared certificate of the highest view: what a view-change of ours must show. */
  public @Nullable PreparedCertificate prepared() {
    return prepared;
  }

  void prepared(PreparedCertificate certificate) {
    PreparedCertificate before = prepared;
    // R8.2: a certificate of an older view never takes the place of a newer one
    if (before == null || viewOf(certificate) >= viewOf(before)) {
      prepared = certificate;
    }
  }

  private static long viewOf(PreparedCertificate certificate) {
    return certificate.prePrepare().statement().view();
  }

  /** Whether it is prepared in the view of the current attempt. */
  public boolean preparedHere() {
    PreparedCertificate certificate = prepared;
    return certificate != null && viewOf(certificate) == attempt.view();
  }

  /** Bodies that are kept for the prepared certificate's batch, whatever is proposed now. */
  List<Bundle> kept() {
    return kept;
  }

  void keep(List<Bundle> bundles) {
    kept = List.copyOf(bundles);
  }

  /** Whether all bodies of the batch with that digest are in the journal. */
  boolean wrote(Digest digest) {
    Digest all = written;
    return all != null && all.equals(digest);
  }

  void written(Digest digest) {
    written = digest;
  }

  /** The proof that it is decided. */
  public @Nullable CommitCertificate committed() {
    return committed;
  }

  void committed(CommitCertificate certificate) {
    committed = certificate;
  }

  /** The batch whose bodies are held here: the decided one, else the proposed one. */
  @Nullable Batch batch() {
    return batch;
  }

  @Nullable Bundle body(int index) {
    return index < bodies.length ? bodies[index] : null;
  }

  void expect(Batch named) {
    batch = named;
    bodies = named.bundles().isEmpty() ? NO_BODIES : new Bundle[named.bundles().size()];
    lacking = bodies.length;
  }

  /** Puts a body wherever the batch names it and it lacks; returns whether it did anywhere. */
  boolean put(Digest digest, Bundle bundle) {
    Batch named = batch;
    boolean any = false;
    for (int i = 0; named != null && i < bodies.length; i++) {
      if (bodies[i] == null && named.bundles().get(i).equals(digest)) {
        bodies[i] = bundle;
        lacking--;
        any = true;
      }
    }
    return any;
  }

  /** Whether every bundle that the batch names is here. */
  public boolean complete() {
    return batch != null && lacking == 0;
  }

  /** The bodies in the batch's order; only when complete. */
  List<Bundle> bundles() {
    List<Bundle> list = new ArrayList<>(bodies.length);
    for (Bundle bundle : bodies) {
      if (bundle != null) {
        list.add(bundle);
      }
    }
    return list;
  }

  /** Whether the application has executed it. */
  public boolean executed() {
    return executed;
  }

  /** The bodies are the archive's from now on. */
  void markExecuted() {
    executed = true;
    dropBodies();
  }

  void dropBodies() {
    batch = null;
    bodies = NO_BODIES;
    lacking = 0;
  }

  /** Position of the first record about it that is still needed; 0 when there is none. */
  long firstPosition() {
    return firstPosition;
  }

  void touched(long position) {
    if (firstPosition == 0) {
      firstPosition = position;
    }
  }

  /** Whether that peer may be sent what it lacks of this slot again; notes that it is. */
  public boolean answer(int peer, long ticks, long intervalTicks) {
    // R9.2: no item goes to the same peer twice in an interval
    if (answeredTicks[peer] != 0 && ticks - answeredTicks[peer] < intervalTicks) {
      return false;
    }
    answeredTicks[peer] = Math.max(1, ticks);
    return true;
  }
}
