/// What is frozen, by whom, and what has to be signed to lift it (invariant 11).
@NullMarked
package dev.countersign.core.freeze;

import org.jspecify.annotations.NullMarked;
