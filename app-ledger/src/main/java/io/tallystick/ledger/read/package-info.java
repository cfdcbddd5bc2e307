/**
 * What a replica says to a ledger's clients beyond the protocol: the appendix of a full answer,
 * which proves a bundle's entries to a signed head, and answers to reads.
 *
 * <p>Built on the replica, beside execution, on the host's reading thread; checked by clients and
 * followers on theirs. The layouts are small and our own, big-endian, without optional parts:
 * whoever reads them knows from the question, or the outcomes, what must be there, and takes
 * nothing else. Whatever doesn't parse or prove is data ({@code Optional.empty()}), not an
 * exception: it comes from a replica, which may lie.
 */
@NullMarked
package io.tallystick.ledger.read;

import org.jspecify.annotations.NullMarked;
