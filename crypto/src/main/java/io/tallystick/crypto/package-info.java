/**
 * Values and algorithms that everything else is signed and proved with: Ed25519 identities, SHA-256
 * digests, byte layouts of signed statements, session keys and key files.
 *
 * <p>Imports nothing of ours. Every type is immutable and safe on any thread. The layouts are those
 * of the formats page ("Signed statements"); a signature for one purpose verifies for no other,
 * because every signed layout begins with its own context.
 */
@NullMarked
package io.tallystick.crypto;

import org.jspecify.annotations.NullMarked;
