/**
 * The real journal without its thread: the same files, groups, marks and scan, driven step by step
 * by the simulator in virtual time. No class of the product is here.
 */
@NullMarked
package io.tallystick.bft.journal;

import org.jspecify.annotations.NullMarked;
