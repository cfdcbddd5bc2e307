package io.tallystick.ledger.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/** Daemons log to standard output, from level INFO on; commands only warn, to standard error. */
final class Logging {
  private Logging() {}

  static void ofDaemon() {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      root.setLevel(Level.INFO);
      if (root.getAppender("console") instanceof ConsoleAppender<ILoggingEvent> console) {
        console.stop();
        console.setTarget("System.out");
        console.start();
      }
    }
  }
}
