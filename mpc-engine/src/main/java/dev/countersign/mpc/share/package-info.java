/// A secret in shares: Shamir's polynomials, and what is public of them.
@NullMarked
package dev.countersign.mpc.share;

import org.jspecify.annotations.NullMarked;
