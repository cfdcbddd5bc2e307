/**
 * The closed vocabulary of the protocol: requests, bundles, batches, what replicas sign, and what
 * replicas and clients say to each other.
 *
 * <p>Values only, immutable, for any thread. The byte layouts that are hashed or signed live here,
 * beside the values they belong to, because the engine recomputes digests; the wire encoding is
 * {@code codec}'s alone. Nothing in here has been checked: a {@code verify.Verified} says that it
 * was. Terms are Castro and Liskov's (OSDI 1999).
 */
@NullMarked
package io.tallystick.bft.message;

import org.jspecify.annotations.NullMarked;
