/** Tests of signed notes, proofs in text and policies. */
@NullMarked
package io.tallystick.crypto.note;

import org.jspecify.annotations.NullMarked;
