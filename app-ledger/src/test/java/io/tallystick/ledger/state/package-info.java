/** Tests of the package of the same name; JUnit's thread calls them. */
@NullMarked
package io.tallystick.ledger.state;

import org.jspecify.annotations.NullMarked;
