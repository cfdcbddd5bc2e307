package io.tallystick.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/** Events to append: real ones where they are present, else made ones, the same in every run. */
final class Events {
  private static final Path REAL = Path.of("shared/data/cloudtrail.ndjson");
  private static final int MADE = 2_000;
  private static final List<String> NAMES =
      List.of("GetObject", "PutObject", "AssumeRole", "DeleteUser", "CreateKey", "ListBuckets");

  private Events() {}

  /** A file of NDJSON: the data set beside the checkout, else a new file in {@code directory}. */
  static Path file(Path directory) throws IOException {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path real = at.resolveSibling("shared").resolve("data/cloudtrail.ndjson");
      if (Files.exists(at.resolve(REAL))) {
        return at.resolve(REAL);
      }
      if (Files.exists(real)) {
        return real;
      }
    }
    return Files.write(directory.resolve("events.ndjson"), make(MADE));
  }

  /** So many events, about 1 KiB each. */
  static List<String> make(int count) {
    Random random = new Random(20_261_123);
    return IntStream.range(0, count).mapToObj(i -> event(i, random)).toList();
  }

  private static String event(int number, Random random) {
    StringBuilder noise = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      noise.append(Long.toHexString(random.nextLong() | Long.MIN_VALUE));
    }
    return String.format(
        Locale.ROOT,
        "{\"eventName\":\"%s\",\"eventTime\":\"2026-11-23T08:%02d:%02dZ\",\"number\":%d,"
            + "\"sourceIPAddress\":\"10.0.%d.%d\",\"requestParameters\":\"%s\"}",
        NAMES.get(random.nextInt(NAMES.size())),
        number / 60 % 60,
        number % 60,
        number,
        random.nextInt(256),
        random.nextInt(256),
        noise);
  }
}
