/** Tests of the ledger's client, with replicas in memory that speak the client protocol. */
@NullMarked
package io.tallystick.ledger.client;

import org.jspecify.annotations.NullMarked;
