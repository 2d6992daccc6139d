/// Random vector oblivious linear evaluation between two parties: from a secret pair of scalars of
/// one and a random scalar of the other, shares of the two products.
@NullMarked
package dev.countersign.mpc.vole;

import org.jspecify.annotations.NullMarked;
