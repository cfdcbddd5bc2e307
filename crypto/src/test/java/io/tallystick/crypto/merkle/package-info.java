/** Tests of trees, proofs and their files. */
@NullMarked
package io.tallystick.crypto.merkle;

import org.jspecify.annotations.NullMarked;
