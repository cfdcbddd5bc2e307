package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tallystick.config.Genesis;
import io.tallystick.config.NamePattern;
import io.tallystick.config.Token.Claims;
import io.tallystick.config.Token.Scope;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.MalformedTreeException;
import io.tallystick.crypto.merkle.TilePath;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.Names;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.PayloadRow;
import java.io.IOException;

/**
 * The files of an export, at their paths: checkpoint, tiles and entry bundles (C2SP tlog-tiles),
 * payload rows, genesis, policies. Envelopes name streams and principals, so entry bundles need a
 * token for all streams unless the gateway is configured open; rows of payloads that a token may
 * not read are withheld.
 */
final class FileService {
  private static final String PRIVATE = "private, ";
  private static final String FOREVER = "max-age=31536000, immutable";
  private static final String FRESH = "max-age=1";

  private final Callers callers;
  private final Copies copies;
  private final Genesis genesis;
  private final boolean open;

  FileService(Callers callers, Copies copies, Genesis genesis, boolean open) {
    this.callers = callers;
    this.copies = copies;
    this.genesis = genesis;
    this.open = open;
  }

  private void allow(ServiceRequestContext ctx) {
    if (!open) {
      callers.caller(ctx.request().headers(), Scope.READ);
    }
  }

  /** {@code /checkpoint}: the newest head that the copy covers; all that was appended here too. */
  HttpResponse checkpoint(ServiceRequestContext ctx) {
    allow(ctx);
    return Answers.later(
        copies
            .settled()
            .thenApply(settled -> text(Bytes.utf8(copies.head().note().toString()), FRESH)));
  }

  /** {@code /genesis.json}. */
  HttpResponse genesis(ServiceRequestContext ctx) {
    allow(ctx);
    return Answers.bytes(genesis.bytes(), MediaType.JSON, cache(FOREVER));
  }

  /** {@code /policy}: of the newest epoch. */
  HttpResponse policy(ServiceRequestContext ctx) {
    allow(ctx);
    return text(Bytes.utf8(genesis.policy()), "max-age=60");
  }

  /** {@code /epochs/{file}}: there is one epoch yet, and it began with genesis. */
  HttpResponse epoch(ServiceRequestContext ctx) {
    allow(ctx);
    if (!"0.policy".equals(ctx.pathParam("file"))) {
      throw Problem.of(
              Problem.Kind.NOT_FOUND,
              "epochs/" + ctx.pathParam("file") + " (expected: 0.policy; there is one epoch)")
          .exception();
    }
    return text(Bytes.utf8(genesis.policy()), FOREVER);
  }

  private HttpResponse text(Bytes body, String cacheControl) {
    return Answers.bytes(body, MediaType.PLAIN_TEXT_UTF_8, cache(cacheControl));
  }

  private String cache(String control) {
    return open ? control : PRIVATE + control;
  }

  /** {@code /tile/…}: a tile of hashes, or an entry bundle. */
  HttpResponse tile(ServiceRequestContext ctx) {
    TilePath path = path(ctx);
    if (!open) {
      Claims caller = callers.caller(ctx.request().headers(), Scope.READ);
      if (path.kind() == TilePath.Kind.ENTRIES && !readsAll(caller)) {
        throw Problem.of(
                Problem.Kind.NOT_ALLOWED,
                path + ": entries of all streams (expected: a token for streams *)")
            .exception();
      }
    }
    return Answers.blocking(ctx, () -> tile(path));
  }

  private HttpResponse tile(TilePath path) throws IOException {
    covered(path);
    LedgerStore store = copies.copy().store();
    Bytes file =
        path.kind() == TilePath.Kind.ENTRIES
            ? store.entryBundle(path.index(), path.width())
            : store.tile(path.level(), path.index(), path.width());
    return Answers.bytes(file, MediaType.OCTET_STREAM, cache(FOREVER));
  }

  /** {@code /payloads/…}: what stands beside an entry bundle. */
  HttpResponse payloads(ServiceRequestContext ctx) {
    TilePath path = path(ctx);
    Claims caller = callers.caller(ctx.request().headers(), Scope.READ);
    covered(path);
    HttpResponseWriter writer = HttpResponse.streaming();
    boolean begun =
        writer.tryWrite(
            ResponseHeaders.builder(200)
                .contentType(MediaType.create("application", "x-ndjson"))
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .build());
    if (begun) {
      ctx.blockingTaskExecutor().execute(() -> rows(path, caller, writer));
    }
    return writer;
  }

  private void rows(TilePath path, Claims caller, HttpResponseWriter writer) {
    long first = path.index() * TilePath.FULL;
    try {
      for (long at = first; at < first + path.width() && writer.isOpen(); at++) {
        writer.write(HttpData.wrap(row(at, caller).unsafeArray()));
        // A row may be large: the next is read when this one is on its way
        writer.whenConsumed().join();
      }
      writer.close();
    } catch (IOException | RuntimeException e) {
      writer.close(e);
    }
  }

  private Bytes row(long at, Claims caller) throws IOException {
    LedgerStore store = copies.copy().store();
    String stream = Envelope.parse(store.envelope(at)).stream();
    boolean system = stream.equals(Names.SYSTEM);
    return system || caller.allows(Scope.READ, stream)
        ? PayloadRow.of(at, store.payload(at))
        : PayloadRow.withheld(at);
  }

  private static boolean readsAll(Claims caller) {
    return caller.streams().stream().map(NamePattern::text).anyMatch("*"::equals);
  }

  private static TilePath path(ServiceRequestContext ctx) {
    String text = ctx.path().substring(1);
    try {
      return TilePath.parse(text);
    } catch (MalformedTreeException e) {
      throw Problem.of(Problem.Kind.NOT_FOUND, String.valueOf(e.getMessage())).exception();
    }
  }

  private void covered(TilePath path) {
    long size = copies.head().size();
    int width = TilePath.width(path.level(), path.index(), size);
    if (path.width() > width) {
      throw Problem.of(
              Problem.Kind.NOT_FOUND,
              path + ": not within " + size + " entries (there, it has a width of " + width + ")")
          .exception();
    }
  }
}
