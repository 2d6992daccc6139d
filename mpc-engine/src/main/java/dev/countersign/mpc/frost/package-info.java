/// FROST by RFC 9591: Schnorr signatures by any `t` of `n` parties in two rounds.
@NullMarked
package dev.countersign.mpc.frost;

import org.jspecify.annotations.NullMarked;
