/// Scalars and points of the groups that threshold keys live in: secp256k1 and the prime-order
/// subgroup of edwards25519. What is secret takes the same time whatever its value is.
@NullMarked
package dev.countersign.mpc.group;

import org.jspecify.annotations.NullMarked;
