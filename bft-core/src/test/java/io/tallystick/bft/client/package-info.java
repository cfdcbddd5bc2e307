/** Tests of the client's side of the protocol, with replicas that say what a test has them say. */
@NullMarked
package io.tallystick.bft.client;

import org.jspecify.annotations.NullMarked;
