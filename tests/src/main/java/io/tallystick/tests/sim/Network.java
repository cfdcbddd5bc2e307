package io.tallystick.tests.sim;

/**
 * Links between all ends, replicas first, then clients: each direction loses, duplicates, delays
 * and clogs by itself. What is on its way arrives in any order.
 */
final class Network {
  private static final long LATENCY_MICROS = 600;

  private final int ends;
  private final Agenda agenda;
  private final Dice dice;
  private final int[] cut;
  private final long[] clogged;
  private final int[] loss;
  private final int[] duplicates;
  private final long[] delay;
  private long sent;

  Network(int ends, Agenda agenda, Dice dice) {
    this.ends = ends;
    this.agenda = agenda;
    this.dice = dice;
    cut = new int[ends * ends];
    clogged = new long[ends * ends];
    loss = new int[ends * ends];
    duplicates = new int[ends * ends];
    delay = new long[ends * ends];
  }

  /** Messages given to the network so far. */
  long sent() {
    return sent;
  }

  /** Takes a message along, perhaps. */
  void send(int from, int to, Runnable arrives) {
    sent++;
    int link = from * ends + to;
    if (cut[link] > 0 || dice.chance(loss[link])) {
      return;
    }
    agenda.at(arrival(link), arrives);
    if (dice.chance(duplicates[link])) {
      agenda.at(arrival(link) + dice.around(20_000), arrives);
    }
  }

  private long arrival(int link) {
    long base = Math.max(agenda.now(), clogged[link]);
    return base + dice.around(LATENCY_MICROS) + (delay[link] == 0 ? 0 : dice.around(delay[link]));
  }

  /** One direction is cut, or joined again; cuts add up. */
  void cut(int from, int to, boolean isCut) {
    cut[from * ends + to] += isCut ? 1 : -1;
  }

  /** Nothing arrives before that time; then all at once. */
  void clog(int from, int to, long untilMicros) {
    clogged[from * ends + to] = Math.max(clogged[from * ends + to], untilMicros);
  }

  /** Loses so many more in ten thousand. */
  void lose(int from, int to, int more) {
    loss[from * ends + to] += more;
  }

  /** Duplicates so many more in ten thousand. */
  void duplicate(int from, int to, int more) {
    duplicates[from * ends + to] += more;
  }

  /** Takes so much longer on average. */
  void delay(int from, int to, long moreMicros) {
    delay[from * ends + to] += moreMicros;
  }

  int ends() {
    return ends;
  }
}
