package io.tallystick.tests.explore;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Signature;
import io.tallystick.tests.Arguments;
import io.tallystick.tests.Instrument;
import io.tallystick.tests.UsageException;
import io.tallystick.tests.sim.Setting;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code tests/run explore}: all orders of what may happen to four replicas, to a depth. */
public final class ExploreCommand implements Instrument {
  private static final int BUNDLES = 2;

  @Override
  public String name() {
    return "explore";
  }

  @Override
  public String usage() {
    return "explore [--states N] [--depth D] [--threads T]: every order of deliveries, duplicates,"
        + " timeouts, syncs, crashes and lies at n = 4";
  }

  @Override
  public int run(Arguments arguments, PrintStream out) throws UsageException, InterruptedException {
    long statesMax = arguments.number("--states", 5_000_000, 1);
    int depth = (int) arguments.number("--depth", 24, 1);
    int cores = Runtime.getRuntime().availableProcessors();
    int threads = (int) arguments.number("--threads", cores, 1);
    arguments.end();
    States states = new States();
    List<Opening> openings = Opening.all(depth);
    List<Bundle> bundles = bundles();
    long began = System.nanoTime();
    int violations = 0;
    for (int i = 0; i < openings.size(); i++) {
      long left = (statesMax - states.size()) / (openings.size() - i);
      Search search = new Search(openings.get(i), bundles, states, Math.max(1, left));
      search.run(threads);
      out.println(openings.get(i).name() + ": " + search.entered() + " states");
      List<String> story = search.counterexample();
      if (story != null) {
        violations++;
        story.forEach(line -> out.println("  " + line));
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    out.println(
        String.format(
            Locale.ROOT,
            "states=%d depth=%d seconds=%.0f states_per_second=%.0f violations=%d",
            states.size(),
            depth,
            seconds,
            states.size() / seconds,
            violations));
    return violations == 0 ? ALL_WELL : VIOLATIONS;
  }

  private static List<Bundle> bundles() {
    Setting setting = Setting.of(4, 0);
    List<Bundle> bundles = new ArrayList<>();
    for (int i = 0; i < BUNDLES; i++) {
      byte[] id = new byte[RequestId.LENGTH];
      id[0] = (byte) (i + 1);
      Request request =
          new Request(
              RequestKind.APPEND,
              "caller",
              new RequestId(Bytes.wrap(id)),
              "stream",
              "text/plain",
              Payload.of(Bytes.wrap(new byte[Payload.SALT_LENGTH]), Bytes.utf8("entry " + i)),
              Setting.GENESIS_MICROS + 30_000_000);
      List<Request> requests = List.of(request);
      byte[] signed = Bundle.signedBytes(setting.genesis().hash(), setting.client(0), requests);
      Signature signature = new Signature(Bytes.wrap(new byte[Signature.LENGTH]));
      bundles.add(new Bundle(setting.client(0), requests, Digest.sha256(signed), signature));
    }
    return bundles;
  }
}
