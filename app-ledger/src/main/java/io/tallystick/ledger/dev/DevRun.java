package io.tallystick.ledger.dev;

import io.tallystick.config.ConfigException;
import io.tallystick.ledger.cli.ExitStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs a cluster until SIGINT or SIGTERM, reporting children that die. */
public final class DevRun {
  private static final long LOOK_MILLIS = 200;

  private final DevCluster.Wish wish;
  private final PrintWriter out;
  private final PrintWriter err;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Runs nothing yet. */
  public DevRun(DevCluster.Wish wish, PrintWriter out, PrintWriter err) {
    this.wish = wish;
    this.out = out;
    this.err = err;
  }

  /** Runs it; answers the exit status. */
  public int run() throws IOException, ConfigException, InterruptedException {
    try (DevCluster cluster = DevCluster.open(wish)) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::signalled, "stop"));
      out.println("ledger  " + cluster.genesis().origin() + " in " + cluster.directory());
      cluster.start();
      for (Child child : cluster.children()) {
        out.println("started " + child.name() + ", process " + child.pid());
      }
      out.flush();
      if (awaitReady(cluster)) {
        greet(cluster);
        watch(cluster);
      }
      cluster.stop();
      out.println("stopped");
      out.flush();
    } finally {
      stopped.countDown();
    }
    return ExitStatus.DONE;
  }

  /** False when it is to stop before it was ready. */
  private boolean awaitReady(DevCluster cluster) throws IOException, InterruptedException {
    try {
      cluster.awaitReady();
      return true;
    } catch (RuntimeException e) {
      // Children that were interrupted together with us end before they are ready
      if (stop.getCount() == 0) {
        return false;
      }
      throw e;
    }
  }

  private void signalled() {
    boolean running = stopped.getCount() > 0;
    stop.countDown();
    try {
      stopped.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (running) {
      // An orderly stop is done, not failed; and the main thread can't say so any more
      Runtime.getRuntime().halt(ExitStatus.DONE);
    }
  }

  private void greet(DevCluster cluster) {
    String url = cluster.url();
    String token = cluster.directory().resolve("token").toString();
    out.println("ready: " + url);
    out.println();
    out.println("Append one entry, and read it back:");
    out.println(
        "  curl -sS -X POST "
            + url
            + "/v1/streams/hello/entries \\\n"
            + "    -H \"Authorization: Bearer $(cat "
            + token
            + ")\" \\\n"
            + "    -H 'Content-Type: application/json' -d '{\"hello\":\"ledger\"}'");
    out.println("  tally get 1 --url " + url + " --token-file " + token);
    out.println("Append a file of NDJSON:");
    out.println("  tally append --url " + url + " --token-file " + token + " --stream events FILE");
    out.println("Break something: kill -9 $(cat " + cluster.directory() + "/replica-3/pid)");
    out.println("Stop it all with Ctrl-C.");
    out.flush();
  }

  private void watch(DevCluster cluster) throws InterruptedException {
    while (!stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      for (Child child : cluster.children()) {
        if (child.hasNewlyDied() && stop.getCount() > 0) {
          err.println(
              "tally: "
                  + child.name()
                  + " (process "
                  + child.pid()
                  + ") died: "
                  + death(child.exitStatus())
                  + "; log: "
                  + child.log());
          err.println("tally: start it again with: " + child.byHand());
          err.flush();
        }
      }
    }
  }

  static String death(int status) {
    return status > 128 ? "signal " + (status - 128) : "exit status " + status;
  }
}
