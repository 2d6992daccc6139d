/// What a client wants done, and what decoded bytes turn out to mean: one vocabulary for both.
@NullMarked
package dev.countersign.core.intent;

import org.jspecify.annotations.NullMarked;
