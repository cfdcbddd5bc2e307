/**
 * What a cluster is and how a node of it runs: the genesis file, node files, bearer tokens, and the
 * canonical JSON that all of the ledger's documents are written in.
 *
 * <p>Called at start-up by daemons and the command line, and, for JSON and tokens, from any thread
 * at any time. Nothing here keeps state, reads a clock or starts a thread. Invariants: a value of a
 * type of this package has been checked whole (a {@link io.tallystick.config.Genesis} that exists
 * is valid), and every refusal says where, what is wrong, and what would be right (design 16).
 */
@NullMarked
package io.tallystick.config;

import org.jspecify.annotations.NullMarked;
