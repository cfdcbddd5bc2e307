package io.tallystick.ledger.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.crypto.merkle.TilePath;
import io.tallystick.ledger.export.ExportFile;
import io.tallystick.ledger.export.ExportFiles;
import io.tallystick.ledger.fixture.SampleLedger;
import io.tallystick.ledger.verify.VerifyReport.Broken;
import io.tallystick.ledger.verify.VerifyReport.Consistent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Writes exports for tests as they are told, right or wrong, and verifies them. */
final class Exports {
  private Exports() {}

  static List<String> names(long size) {
    List<String> names =
        new ArrayList<>(
            List.of("checkpoint", "policy", "genesis.json", "epochs/0.policy", "README.txt"));
    for (TilePath.Kind kind : TilePath.Kind.values()) {
      TilePath.all(kind, size).forEach(path -> names.add(path.toString()));
    }
    return names;
  }

  static void write(ExportFiles files, Path export) throws IOException {
    for (String name : names(files.size())) {
      ExportFile file = files.file(name).orElseThrow();
      put(export, name, file.toByteArray());
    }
  }

  static void put(Path export, String name, byte[] content) throws IOException {
    Path file = export.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, content);
  }

  static VerifyReport verify(SampleLedger ledger, Path export) throws IOException {
    return ExportVerifier.verify(
        export, new Pin.GenesisHash(ledger.genesis().hash()), (done, of) -> {});
  }

  static Broken broken(VerifyReport report) {
    assertTrue(report instanceof Broken, report::toString);
    return (Broken) report;
  }

  static Consistent consistent(VerifyReport report) {
    assertTrue(report instanceof Consistent, report::toString);
    return (Consistent) report;
  }
}
