/** Tests of the package of the same name; JUnit's thread calls them. */
@NullMarked
package io.tallystick.ledger.read;

import org.jspecify.annotations.NullMarked;
