/**
 * Who the replicas of an epoch are, how many may be faulty, and how many make a quorum.
 *
 * <p>A leaf: values and arithmetic, called from everywhere on any thread. Quorum sizes are computed
 * here and nowhere else (design 4).
 */
@NullMarked
package io.tallystick.bft.membership;

import org.jspecify.annotations.NullMarked;
