package io.tallystick.ledger.cli;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Appends one entry a request, through a gateway. */
final class GatewayBench implements BenchTarget {
  private final GatewayHttp http;
  private final String path;

  GatewayBench(GatewayHttp http, String stream) {
    this.http = http;
    this.path = "v1/streams/" + URLEncoder.encode(stream, StandardCharsets.UTF_8) + "/entries";
    http.fetch("v1/streams");
  }

  @Override
  public boolean append(Bytes payload) throws IOException {
    return http.post(
                path, payload, Map.of("Content-Type", "application/json"), Duration.ofSeconds(60))
            .status()
        == 201;
  }

  @Override
  public void close() {
    http.close();
  }
}
