package io.tallystick.bft.engine;

/** The engine's timers: each is armed at most once at a time; arming it again replaces it. */
public enum TimerName {
  /** Tell the others where we stand, ask for what is missing. */
  STATUS,
  /** As the primary: propose an empty batch. */
  IDLE,
  /** As a backup: look whether a held-back proposal's time has come. */
  CLOCK,
  /** As a backup: tell the primary what waits. */
  FORWARD,
  /** As a backup: the primary had its chance. */
  VIEW
}
