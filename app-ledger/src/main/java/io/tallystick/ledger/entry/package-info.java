/**
 * What the ledger's tree is made of: envelopes, the names in them, their times, and the entries
 * that the ledger makes itself.
 *
 * <p>Called by the state machine (which builds entries), by followers, receipts, exports and {@code
 * tally verify} (which parse them), and by the gateway and the client (which ask {@link
 * io.tallystick.ledger.entry.Names} before they send). Values only, for any thread; no I/O and no
 * clock. An envelope's bytes are canonical: there is one spelling of each, parsing accepts no
 * other, and what was parsed encodes to the same bytes.
 */
@NullMarked
package io.tallystick.ledger.entry;

import org.jspecify.annotations.NullMarked;
