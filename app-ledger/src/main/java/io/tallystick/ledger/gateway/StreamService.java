package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonObject;
import io.tallystick.config.Token.Claims;
import io.tallystick.config.Token.Scope;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerTime;
import io.tallystick.ledger.entry.Names;
import io.tallystick.ledger.store.StoredPayload;
import io.tallystick.ledger.store.StreamTable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code GET /v1/streams} and {@code /v1/streams/{stream}/entries}: what streams there are, and a
 * stream's entries in pages. All pages of a walk show the ledger at one tree size, which the link
 * to the next page carries, so entries that come meanwhile neither shift nor repeat anything.
 */
final class StreamService {
  /** Payload bytes of a page, after which it ends; its first entry may be larger. */
  private static final long PAGE_BYTES_MAX = 4L << 20;

  private static final int STREAMS_PAGE_MAX = 1_000;

  private final Callers callers;
  private final Copies copies;
  private final int pageEntriesMax;

  /** The part of a stream that is asked for; numbers are of entries within the stream. */
  private record Page(String stream, long size, long first, long end, int limit, long toMicros) {}

  StreamService(Callers callers, Copies copies, int pageEntriesMax) {
    this.callers = callers;
    this.copies = copies;
    this.pageEntriesMax = pageEntriesMax;
  }

  /** Streams with the numbers of their entries, those that the caller may read, by name. */
  HttpResponse streams(ServiceRequestContext ctx) {
    Claims caller = callers.caller(ctx.request().headers(), Scope.READ);
    int limit = (int) Parameters.number(ctx, "limit", STREAMS_PAGE_MAX, 1, STREAMS_PAGE_MAX);
    String after = ctx.queryParams().get("after", "");
    return Answers.settled(ctx, copies, () -> streams(caller, after, limit));
  }

  private HttpResponse streams(Claims caller, String after, int limit) throws IOException {
    long size = copies.head().size();
    List<JsonObject> rows = new ArrayList<>();
    String last = after;
    boolean more = true;
    while (more && rows.size() < limit) {
      List<StreamTable.StreamCount> some = copies.copy().streams().list(last, limit);
      more = some.size() == limit;
      for (StreamTable.StreamCount each : some) {
        if (rows.size() == limit) {
          more = true;
          break;
        }
        last = each.stream();
        long count = countAt(each.stream(), size);
        if (count > 0 && caller.allows(Scope.READ, each.stream())) {
          rows.add(
              new JsonObject().put("stream", each.stream()).put("count", Long.toString(count)));
        }
      }
    }
    JsonObject body = new JsonObject().put("size", Long.toString(size)).put("streams", rows);
    String next = "/v1/streams?after=" + encoded(last) + "&limit=" + limit;
    return page(body, more ? next : "");
  }

  /** A page of a stream's entries, in order. */
  HttpResponse entries(ServiceRequestContext ctx) {
    String stream = String.valueOf(ctx.pathParam("stream"));
    if (!Names.isStream(stream) && !stream.equals(Names.SYSTEM)) {
      throw Problem.of(
              Problem.Kind.BAD_STREAM,
              "stream: \"" + stream + "\" (expected: [a-z0-9][a-z0-9._-]{0,127}, or _system)")
          .exception();
    }
    callers.caller(ctx.request().headers(), Scope.READ, stream);
    int limit = (int) Parameters.number(ctx, "limit", 100, 1, pageEntriesMax);
    long after = Parameters.number(ctx, "after", -1, 0, Long.MAX_VALUE);
    long from = Parameters.time(ctx, "from", 0);
    long to = Parameters.time(ctx, "to", LedgerTime.MICROS_MAX);
    return Answers.settled(
        ctx,
        copies,
        () -> {
          long newest = copies.head().size();
          long size = Parameters.number(ctx, "size", newest, 0, newest);
          long end = countAt(stream, size);
          long first = Math.max(after + 1, from == 0 ? 0 : firstFrom(stream, from, end));
          return entries(new Page(stream, size, first, end, limit, to));
        });
  }

  private HttpResponse entries(Page page) throws IOException {
    List<JsonObject> rows = new ArrayList<>();
    long bytes = 0;
    long number = page.first();
    boolean past = false;
    while (number < page.end() && rows.size() < page.limit() && bytes < PAGE_BYTES_MAX && !past) {
      long index = copies.copy().streams().entry(page.stream(), number).orElseThrow();
      var envelope = copies.copy().store().envelope(index);
      past = Envelope.parse(envelope).timeMicros() > page.toMicros();
      if (!past) {
        StoredPayload payload = copies.copy().store().payload(index);
        rows.add(copies.entry(index, envelope, payload));
        bytes += payload instanceof StoredPayload.Present present ? present.content().size() : 0;
        number++;
      }
    }
    JsonObject body =
        new JsonObject()
            .put("stream", page.stream())
            .put("size", Long.toString(page.size()))
            .put("count", Long.toString(page.end()))
            .put("entries", rows);
    boolean more = number < page.end() && !past;
    return page(body, more ? next(page, number - 1) : "");
  }

  private static String next(Page page, long last) {
    String next =
        "/v1/streams/%s/entries?after=%d&limit=%d&size=%d"
            .formatted(page.stream(), last, page.limit(), page.size());
    return page.toMicros() == LedgerTime.MICROS_MAX
        ? next
        : next + "&to=" + LedgerTime.format(page.toMicros());
  }

  /** How many entries of the stream are among the first {@code size} of the ledger. */
  private long countAt(String stream, long size) throws IOException {
    StreamTable streams = copies.copy().streams();
    long count = streams.count(stream);
    if (count == 0 || streams.entry(stream, count - 1).orElseThrow() < size) {
      return count;
    }
    long low = 0;
    long high = count - 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (streams.entry(stream, middle).orElseThrow() < size) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The number of the stream's first entry that isn't earlier: times never go back. */
  private long firstFrom(String stream, long fromMicros, long end) throws IOException {
    long low = 0;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      long index = copies.copy().streams().entry(stream, middle).orElseThrow();
      if (Envelope.parse(copies.copy().store().envelope(index)).timeMicros() < fromMicros) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static HttpResponse page(JsonObject body, String next) {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(200)
            .contentType(MediaType.JSON)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    if (!next.isEmpty()) {
      headers.set(HttpHeaderNames.LINK, "<" + next + ">; rel=\"next\"");
    }
    return HttpResponse.of(headers.build(), HttpData.ofUtf8(CanonicalJson.text(body)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
