package io.tallystick.house.seeded.bft.engine;

import io.tallystick.crypto.PrivateKey;
import io.tallystick.house.seeded.bft.host.ImportsTheNetworkToo;
import io.tallystick.house.seeded.bft.verify.Verifier;
import io.tallystick.house.seeded.crypto.KeySource;
import java.io.File;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Each class in here does one thing that an engine must not; each must be caught. */
public interface ImpureEngine {
  /** A clock. */
  final class ReadsTheClock {
    public long now() {
      return System.nanoTime();
    }
  }

  /** A clock, by reference. */
  final class RefersToTheClock {
    public Supplier<Long> clock() {
      return System::currentTimeMillis;
    }
  }

  /** Wall time. */
  final class TellsTheTime {
    public Instant parse(String text) {
      return Instant.parse(text);
    }
  }

  /** A thread. */
  final class KnowsThreads {
    public String name(Thread thread) {
      return thread.getName();
    }
  }

  /** A lock-free counter. */
  final class CountsAtomically {
    public long count() {
      return new AtomicLong().incrementAndGet();
    }
  }

  /** A future. */
  final class Promises {
    public CompletableFuture<String> promise() {
      return new CompletableFuture<>();
    }
  }

  /** A random source. */
  final class DrawsLots {
    public int draw() {
      return new Random(1).nextInt();
    }
  }

  /** Another random source. */
  final class RollsDice {
    public double roll() {
      return Math.random();
    }
  }

  /** A third. */
  final class NamesByChance {
    public UUID name() {
      return UUID.randomUUID();
    }
  }

  /** A file. */
  final class KnowsFiles {
    public String name(File file) {
      return file.getName();
    }
  }

  /** A buffer of a socket or file. */
  final class KnowsBuffers {
    public int left(ByteBuffer buffer) {
      return buffer.remaining();
    }
  }

  /** A logger. */
  final class Logs {
    public Logger logger() {
      return LoggerFactory.getLogger(Logs.class);
    }
  }

  /** Standard output. */
  final class Prints {
    public void print() {
      System.out.println("step");
    }
  }

  /** Hash order. */
  final class MapsInHashOrder {
    public Map<String, String> map() {
      return new HashMap<>();
    }
  }

  /** Hash order again. */
  final class SetsInHashOrder {
    public Set<String> set() {
      return new HashSet<>();
    }
  }

  /** An order that differs from one JVM run to the next. */
  final class SetsInNoOrder {
    public Set<String> set() {
      return Set.of("a", "b");
    }
  }

  /** The same in a map. */
  final class MapsInNoOrder {
    public Map<String, String> map() {
      return Map.of("a", "b");
    }
  }

  /** The same by copying. */
  final class CopiesIntoNoOrder {
    public Map<String, String> copy(Map<String, String> map) {
      return Map.copyOf(map);
    }
  }

  /** The same by collecting. */
  final class CollectsIntoNoOrder {
    public Set<String> collect(List<String> list) {
      return list.stream().collect(Collectors.toSet());
    }
  }

  /** Threads by the back door. */
  final class StreamsInParallel {
    public long count(List<String> list) {
      return list.parallelStream().count();
    }
  }

  /** A key. */
  final class HoldsAKey {
    public String show(PrivateKey key) {
      return key.publicKey().toString();
    }
  }

  /** What draws keys. */
  final class KnowsWhereKeysComeFrom {
    public int draw(KeySource keys) {
      return keys.draw();
    }
  }

  /** The host. */
  final class KnowsTheHost {
    public String show(ImportsTheNetworkToo host) {
      return host.forged().value();
    }
  }

  /** The verifier, beyond what is verified. */
  final class VerifiesByItself {
    public String verify(Verifier verifier) {
      return verifier.verify("x").value();
    }
  }
}
