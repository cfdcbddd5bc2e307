package io.tallystick.ledger.export;

import io.tallystick.config.Genesis;

/** Tells whoever finds an export what it is. */
final class Readme {
  private Readme() {}

  static String of(Genesis genesis) {
    return """
    This is an export of the ledger %1$s, kept by %2$d replicas of which any %3$d may be
    faulty. Nothing in it needs to be believed: everything can be recomputed.

      tally verify THIS_DIRECTORY --genesis HASH

    where HASH, the SHA-256 of genesis.json, comes from somebody you trust, and not from here.
    The export says of itself: %4$s

    By hand, or with other tools (C2SP tlog-tiles, tlog-checkpoint, tlog-policy):

    genesis.json      the ledger's name, its replicas and their keys; sha256sum gives HASH
    policy            who must sign: the log key and %5$d of the replicas
    epochs/0.policy   the same, for the first epoch
    checkpoint        name, number of entries and root of the Merkle tree, and who signed it
    tile/entries/     256 entries a file; each is a length of two bytes and that many bytes of
                      JSON: the leaf. Its hash is SHA-256 of a zero byte and these bytes.
    tile/0/, 1/, …    the tree's hashes (RFC 6962), 256 of 32 bytes a file; each hash of level
                      L+1 is the root of one file of level L
    payloads/         beside each file of entries, one line of JSON for each entry: SHA-256 of
                      salt and payload is the entry's "commitment". A payload may be withheld
                      from this export, or erased for good; then all else stays provable.

    A file that ends in .p/N is the last of its kind and has N entries or hashes.
    """
        .formatted(
            genesis.origin(),
            genesis.membership().n(),
            genesis.membership().f(),
            genesis.hash(),
            genesis.membership().quorum());
  }
}
