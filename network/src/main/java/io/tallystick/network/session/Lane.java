package io.tallystick.network.session;

/** Where sessions wait for a turn on the verification pool. */
public enum Lane {
  /** Sessions with replicas: three turns of four, while any of them waits. */
  PEERS,
  /** Sessions with clients: every fourth turn, and all that peers leave. */
  CLIENTS
}
