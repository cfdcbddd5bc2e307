package io.tallystick.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedSet;

/** One entry of an export, read with nothing of the product. */
record ExportedEntry(long index, JsonNode envelope, String payload) {

  /** The request id in its envelope. */
  String id() {
    return envelope.path("id").asText();
  }

  /** All entries of an export with fewer than 256,000, in order. */
  static List<ExportedEntry> all(Path export) throws IOException {
    List<ExportedEntry> entries = new ArrayList<>();
    SortedSet<String> files = ExportLayout.found(export);
    for (String file : files.tailSet("tile/entries/")) {
      if (!file.startsWith("tile/entries/")) {
        break;
      }
      List<String> rows =
          Files.readString(export.resolve(file.replace("tile/entries/", "payloads/")))
              .lines()
              .toList();
      byte[] bundle = Files.readAllBytes(export.resolve(file));
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bundle));
      for (String row : rows) {
        byte[] envelope = in.readNBytes(in.readUnsignedShort());
        JsonNode payload = Http.parse(row);
        entries.add(
            new ExportedEntry(
                payload.path("index").asLong(),
                Http.parse(new String(envelope, StandardCharsets.UTF_8)),
                new String(
                    Base64.getDecoder().decode(payload.path("payload").asText()),
                    StandardCharsets.UTF_8)));
      }
    }
    return entries;
  }
}
