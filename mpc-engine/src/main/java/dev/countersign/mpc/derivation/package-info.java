/// Many keys from one, all of which the same shares sign for.
@NullMarked
package dev.countersign.mpc.derivation;

import org.jspecify.annotations.NullMarked;
