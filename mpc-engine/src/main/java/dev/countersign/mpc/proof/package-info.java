/// Proofs of knowledge that need no rewinding to be extracted.
@NullMarked
package dev.countersign.mpc.proof;

import org.jspecify.annotations.NullMarked;
