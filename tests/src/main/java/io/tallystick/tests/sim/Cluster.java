package io.tallystick.tests.sim;

import io.tallystick.bft.codec.MalformedMessage;
import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.verify.Simulated;
import io.tallystick.bft.verify.Verifier;
import java.util.ArrayList;
import java.util.List;

/** What all ends of one run share: setting, time, keys, the ledger's history. For one thread. */
final class Cluster {
  private final Setting setting;
  private final long seed;
  private final boolean real;
  private final Agenda agenda = new Agenda(Setting.GENESIS_MICROS);
  private final Dice work;
  private final History history;
  private final Keyring keyring;
  private final Verifier verifier;
  private final List<Keyring.Signer> identities = new ArrayList<>();
  private final List<Keyring.Signer> cosigners = new ArrayList<>();
  private final List<Keyring.Signer> clients = new ArrayList<>();
  private final Keyring.Signer log;
  private final long signMicros;
  private final boolean[] lying;
  private final PeerCodec codec;

  /** Of a seed; {@code real}: with Ed25519, and every message through codec and verifier. */
  Cluster(Setting setting, long seed, boolean real) {
    this.setting = setting;
    this.seed = seed;
    this.real = real;
    work = dice("work");
    history = new History(setting.genesis());
    keyring = setting.keyring(real);
    verifier =
        Simulated.verifier(
            setting.genesis().hash(),
            setting.membership(),
            setting.parameters(),
            setting.genesis().origin(),
            keyring.check());
    setting.membership().members().forEach(m -> identities.add(keyring.signer(m.identityKey())));
    setting.membership().members().forEach(m -> cosigners.add(keyring.signer(m.cosignatureKey())));
    for (int i = 0; i <= Setting.CLIENTS; i++) {
      clients.add(keyring.signer(setting.client(i)));
    }
    log = keyring.signer(setting.genesis().logKey());
    codec = new PeerCodec(setting.parameters());
    lying = new boolean[setting.n()];
    signMicros = work.of(20L, 60L, 400L);
  }

  Setting setting() {
    return setting;
  }

  Agenda agenda() {
    return agenda;
  }

  History history() {
    return history;
  }

  Verifier verifier() {
    return verifier;
  }

  /** What of a message is left after it went over the wire. */
  PeerMessage roundTrip(PeerMessage message) {
    try {
      return carried(message);
    } catch (MalformedMessage e) {
      throw new Violation("codec", message + ": " + e.getMessage());
    }
  }

  /** Likewise of a liar's, who may have built what is no message. */
  PeerMessage carried(PeerMessage message) throws MalformedMessage {
    return codec.decode(codec.encode(message));
  }

  Simulated.Check check() {
    return keyring.check();
  }

  /** Makes the replica at that index a liar. */
  void lies(int index) {
    lying[index] = true;
  }

  boolean isCorrect(int index) {
    return !lying[index];
  }

  boolean real() {
    return real;
  }

  /** A stream of chance of its own. */
  Dice dice(String name) {
    return new Dice(seed, name);
  }

  /** How long a signature takes this time. */
  long signMicros() {
    return work.around(signMicros);
  }

  Keyring.Signer identity(int index) {
    return identities.get(index);
  }

  Keyring.Signer cosigner(int index) {
    return cosigners.get(index);
  }

  Keyring.Signer client(int index) {
    return clients.get(index);
  }

  Keyring.Signer log() {
    return log;
  }
}
