/**
 * What tests need of the package {@code verify} and nobody else may have: a verifier over stand-in
 * signatures. Used by simulator and explorer, on any thread; no class of the product is here.
 */
@NullMarked
package io.tallystick.bft.verify;

import org.jspecify.annotations.NullMarked;
