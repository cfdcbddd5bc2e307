package io.tallystick.tests.sim;

import java.util.Arrays;

/**
 * What will happen, by virtual time; of two things at one time the one that was entered first. A
 * binary heap in arrays. For one thread.
 */
public final class Agenda {
  private long[] times = new long[1_024];
  private long[] orders = new long[1_024];
  private Runnable[] happenings = new Runnable[1_024];
  private int size;
  private long entered;
  private long now;

  /** An empty agenda that begins at this time, in microseconds. */
  public Agenda(long startMicros) {
    now = startMicros;
  }

  /** Virtual time in microseconds. */
  public long now() {
    return now;
  }

  /** How many things are entered. */
  public int size() {
    return size;
  }

  /** Enters something to happen after so many microseconds. */
  public void after(long micros, Runnable what) {
    at(now + Math.max(0, micros), what);
  }

  /** Enters something to happen at a time, or now if that has passed. */
  public void at(long micros, Runnable what) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      orders = Arrays.copyOf(orders, 2 * size);
      happenings = Arrays.copyOf(happenings, 2 * size);
    }
    long time = Math.max(micros, now);
    long order = entered++;
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >> 1;
      if (times[parent] < time || times[parent] == time && orders[parent] < order) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    put(at, time, order, what);
  }

  /** Lets the next thing happen; false when there is none up to that time. */
  public boolean step(long untilMicros) {
    if (size == 0 || times[0] > untilMicros) {
      now = Math.max(now, untilMicros);
      return false;
    }
    now = times[0];
    Runnable first = happenings[0];
    sink();
    first.run();
    return true;
  }

  private void sink() {
    size--;
    long time = times[size];
    long order = orders[size];
    Runnable what = happenings[size];
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(child + 1, child)) {
        child++;
      }
      if (times[child] > time || times[child] == time && orders[child] > order) {
        break;
      }
      move(child, at);
      at = child;
    }
    put(at, time, order, what);
  }

  private boolean before(int one, int other) {
    return times[one] < times[other] || times[one] == times[other] && orders[one] < orders[other];
  }

  private void move(int from, int to) {
    put(to, times[from], orders[from], happenings[from]);
  }

  private void put(int at, long time, long order, Runnable what) {
    times[at] = time;
    orders[at] = order;
    happenings[at] = what;
  }
}
