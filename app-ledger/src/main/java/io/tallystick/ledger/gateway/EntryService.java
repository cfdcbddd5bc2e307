package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tallystick.config.JsonObject;
import io.tallystick.config.Token.Claims;
import io.tallystick.config.Token.Scope;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * {@code GET /v1/entries/{index}} and {@code /proof}: one entry, and its proof, both from the
 * verified copy. What is committed, as this gateway saw or f+1 replicas say, is waited for.
 */
final class EntryService {
  private final Callers callers;
  private final Copies copies;
  private final LongSupplier committedSize;

  /**
   * Makes one.
   *
   * @param committedSize a size that the ledger has for certain
   */
  EntryService(Callers callers, Copies copies, LongSupplier committedSize) {
    this.callers = callers;
    this.copies = copies;
    this.committedSize = committedSize;
  }

  /** The entry; with {@code ?proof} the receipt's members too. */
  HttpResponse entry(ServiceRequestContext ctx) {
    boolean withProof = ctx.queryParams().contains("proof");
    return covered(
        ctx,
        (index, head) -> {
          JsonObject json =
              copies.entry(
                  index,
                  copies.copy().store().envelope(index),
                  copies.copy().store().payload(index));
          if (withProof) {
            copies.receipt(index, head).members().forEach((key, value) -> put(json, key, value));
          }
          return Answers.json(200, json);
        });
  }

  private static void put(JsonObject json, String key, Object value) {
    if (value instanceof String text) {
      json.put(key, text);
    }
  }

  /** The proof alone, as a tlog-proof. */
  HttpResponse proof(ServiceRequestContext ctx) {
    return covered(
        ctx,
        (index, head) ->
            Answers.bytes(
                Bytes.utf8(copies.proof(index, head).toString()),
                MediaType.PLAIN_TEXT_UTF_8,
                "no-cache"));
  }

  private interface Reader {
    HttpResponse read(long index, CopyHead head) throws IOException;
  }

  private HttpResponse covered(ServiceRequestContext ctx, Reader reader) {
    Claims caller = callers.caller(ctx.request().headers(), Scope.READ);
    String text = String.valueOf(ctx.pathParam("index"));
    long index = Parameters.decimal(text);
    if (index < 0) {
      throw Problem.of(
              Problem.Kind.NO_SUCH_ENTRY, "index: \"" + text + "\" (expected: a decimal number)")
          .exception();
    }
    CompletableFuture<Boolean> covered =
        index < committedSize.getAsLong()
            ? copies.covers(index + 1)
            : CompletableFuture.completedFuture(true);
    return Answers.later(
        covered.thenApplyAsync(known -> read(caller, index, reader), ctx.blockingTaskExecutor()));
  }

  private HttpResponse read(Claims caller, long index, Reader reader) {
    CopyHead head = copies.head();
    if (index >= head.size()) {
      boolean committed = index < committedSize.getAsLong();
      throw (committed
              ? Problem.retry(
                  Problem.Kind.COPY_BEHIND,
                  "index: " + index + " is committed, the copy has " + head.size() + " entries",
                  1_000)
              : Problem.of(
                  Problem.Kind.NO_SUCH_ENTRY,
                  "index: " + index + " (expected: < " + head.size() + ")"))
          .exception();
    }
    try {
      String stream = Envelope.parse(copies.copy().store().envelope(index)).stream();
      if (!caller.allows(Scope.READ, stream)) {
        throw Problem.of(
                Problem.Kind.NOT_ALLOWED,
                "index: an entry of another stream (expected: one of " + caller.streams() + ")")
            .exception();
      }
      return reader.read(index, head);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
