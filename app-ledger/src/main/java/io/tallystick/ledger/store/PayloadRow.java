package io.tallystick.ledger.store;

import io.tallystick.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** One line of a {@code payloads/} file: canonical JSON and a newline. */
public final class PayloadRow {
  private static final Base64.Encoder BASE64 = Base64.getEncoder();

  private PayloadRow() {}

  /** The line of an entry. */
  public static Bytes of(long index, StoredPayload payload) {
    String row =
        switch (payload) {
          case StoredPayload.Present(Bytes salt, Bytes content) ->
              "{\"index\":\"%d\",\"payload\":\"%s\",\"salt\":\"%s\"}\n"
                  .formatted(index, base64(content), base64(salt));
          case StoredPayload.Erased(long order) ->
              "{\"erased\":\"%d\",\"index\":\"%d\"}\n".formatted(order, index);
        };
    return Bytes.wrap(row.getBytes(StandardCharsets.US_ASCII));
  }

  /** The line of an entry whose payload the reader may not see. */
  public static Bytes withheld(long index) {
    return Bytes.utf8("{\"index\":\"" + index + "\",\"withheld\":true}\n");
  }

  private static String base64(Bytes bytes) {
    return BASE64.encodeToString(bytes.unsafeArray());
  }
}
