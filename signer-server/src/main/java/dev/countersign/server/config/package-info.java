/// The wiring: what is made of the settings, in which order it starts and stops. The only place
/// that chooses a clock and a source of randomness.
@NullMarked
package dev.countersign.server.config;

import org.jspecify.annotations.NullMarked;
