package io.tallystick.bft.host;

import io.tallystick.bft.engine.Event.ApplicationState;
import io.tallystick.bft.fixture.CounterMachine;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.statemachine.StateMachine;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.io.IOException;
import java.util.List;

/** The counter, safe on the host's several threads, with a disk that can be made to fail. */
final class CarefulMachine implements StateMachine {
  private final CounterMachine counter = new CounterMachine();
  private boolean fails;
  private boolean syncs = true;
  private int published;

  /** From now on nothing becomes durable, as if the power were about to go. */
  synchronized void stopSyncing() {
    syncs = false;
  }

  /** Loses what wasn't synced. */
  synchronized void powerCut() {
    counter.crash(true);
    syncs = true;
  }

  /** From now on the disk fails. */
  synchronized void fail() {
    fails = true;
  }

  synchronized int published() {
    return published;
  }

  @Override
  public synchronized ApplicationState state() {
    return counter.state();
  }

  @Override
  public synchronized Result execute(long seq, long ledgerTimeMicros, List<Bundle> bundles)
      throws IOException {
    if (fails) {
      throw new IOException("Input/output error");
    }
    return counter.execute(seq, ledgerTimeMicros, bundles);
  }

  @Override
  public synchronized Digest stateDigest() {
    return counter.stateDigest();
  }

  @Override
  public synchronized long sync(Before before) throws IOException {
    return syncs ? counter.sync(before) : counter.durableSeq();
  }

  @Override
  public Bytes appendix(Bundle bundle, List<Outcome> outcomes, TreeHead head) {
    return Bytes.utf8("appendix of " + bundle.digest() + " at " + head.size());
  }

  @Override
  public synchronized Outcome outcome(String principal, RequestId id, long deadlineMicros) {
    return counter.outcome(principal, id, deadlineMicros);
  }

  @Override
  public synchronized Bytes read(Bytes question) {
    return counter.read(question);
  }

  @Override
  public synchronized void published(LoggedHead head) {
    published++;
  }

  @Override
  public void close() {}
}
