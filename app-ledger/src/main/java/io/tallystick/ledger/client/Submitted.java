package io.tallystick.ledger.client;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A request on its way.
 *
 * @param deadlineMicros ledger time after which it won't take effect; empty while ledger time isn't
 *     known yet
 * @param result what becomes of it; fails with {@link OverloadedException} when it was not sent
 */
public record Submitted(OptionalLong deadlineMicros, CompletableFuture<SubmitResult> result) {}
