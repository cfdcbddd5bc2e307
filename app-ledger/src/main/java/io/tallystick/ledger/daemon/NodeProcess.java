package io.tallystick.ledger.daemon;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallystick.config.ConfigException;
import io.tallystick.config.Effective;
import io.tallystick.crypto.Ed25519;
import io.tallystick.ledger.cli.CommandException;
import io.tallystick.ledger.cli.ExitStatus;
import io.tallystick.ledger.cli.Failures;
import io.tallystick.ledger.cli.Version;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both kinds of daemon are: parts that are opened in order, run until the process is to end,
 * and are closed in reverse order.
 */
abstract class NodeProcess {
  private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Lifetime lifetime = new Lifetime();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Opens and starts all parts. */
  abstract void open() throws IOException, ConfigException;

  /** What failed, as an exit status: a subclass knows which failures a person must look at. */
  abstract int statusOf(IOException failure);

  /** Runs until it is asked to stop, or fails; returns the exit status. */
  final int run() throws InterruptedException, ConfigException {
    Logging.ofDaemon();
    lifetime.begin();
    try {
      open();
      return lifetime.await();
    } catch (IOException e) {
      throw new CommandException(statusOf(e), Failures.reason(e), e);
    } finally {
      close();
      // Whatever ended it: the hook must not take what comes now for a signal
      lifetime.fail(ExitStatus.FAILED);
      lifetime.cleaned();
    }
  }

  /** A part that is open; closed when the process ends. */
  final <T extends AutoCloseable> T part(T open) {
    parts.push(open);
    return open;
  }

  /** Metrics of this process. */
  final PrometheusMeterRegistry meters() {
    return meters;
  }

  /** Ends the process because it can't go on. */
  final void fail(Exception failure) {
    int status = failure instanceof IOException io ? statusOf(io) : ExitStatus.PERSON_NEEDED;
    LOG.error("stops, status {}: {}", status, String.valueOf(failure.getMessage()), failure);
    lifetime.fail(status);
  }

  /** Measures the virtual machine, and tells which configuration this is. */
  final void observe(Effective effective) {
    JvmGcMetrics collections = part(new JvmGcMetrics());
    collections.bindTo(meters);
    new JvmMemoryMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    Gauge.builder("bft_config_hash", effective, NodeProcess::shortHash)
        .description("first 48 bits of the effective configuration's SHA-256")
        .register(meters);
    LOG.info(
        "tally {}, Ed25519 by {}, configuration {}",
        Version.text(),
        Ed25519.provider(),
        effective.hash());
  }

  private static double shortHash(Effective effective) {
    return effective.hash().prefix() >>> 16; // a double holds 53 bits exactly
  }

  private void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.error("closing {}: {}", part.getClass().getSimpleName(), e.getMessage(), e);
        lifetime.fail(ExitStatus.FAILED);
      }
    }
  }
}
