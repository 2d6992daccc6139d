/// Oblivious transfer: 128 base OTs for each direction of a pair, the seed trees made of them, and
/// their extension to as many as one multiplication needs.
@NullMarked
package dev.countersign.mpc.ot;

import org.jspecify.annotations.NullMarked;
