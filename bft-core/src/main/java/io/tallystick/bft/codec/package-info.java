/**
 * Bytes to messages and back, and nothing else in the project does that: frames' payloads between
 * replicas and with clients, journal and archive records. The schemas are {@code peer.proto},
 * {@code client.proto} and {@code journal.proto}.
 *
 * <p>Called on the network's verification pool, by the host's threads and by the journal's replay;
 * every codec is immutable and safe on any thread. Decoding is strict and canonical: whatever is
 * accepted encodes to the very same bytes, so an unknown field, a field twice or out of order, a
 * padded varint or an absent kind is refused. Counts and sizes are checked before anything is
 * allocated for them, so a message costs memory in proportion to its bytes and never more than the
 * parameters allow (scenarios S2, S8, S9). The readers are written by hand over protobuf's {@code
 * CodedInputStream}, since generated parsers allocate first and can't be strict; tests hold them to
 * the generated classes. What is decoded is sane in its form and not yet verified: that is {@code
 * verify}'s. No signature covers an encoding, but for the certificates of a view-change "as sent".
 */
@NullMarked
package io.tallystick.bft.codec;

import org.jspecify.annotations.NullMarked;
