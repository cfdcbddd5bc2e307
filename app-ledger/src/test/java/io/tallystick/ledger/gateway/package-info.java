/** Tests of the gateway over real HTTP, with a ledger in memory behind it. */
@NullMarked
package io.tallystick.ledger.gateway;

import org.jspecify.annotations.NullMarked;
