/**
 * Every bound and time of the network, with its default (design 18). Values only; node
 * configuration fills them in, all other packages of the network read them.
 */
@NullMarked
package io.tallystick.network.settings;

import org.jspecify.annotations.NullMarked;
