/** Tests of the values and algorithms that everything is signed with. */
@NullMarked
package io.tallystick.crypto;

import org.jspecify.annotations.NullMarked;
