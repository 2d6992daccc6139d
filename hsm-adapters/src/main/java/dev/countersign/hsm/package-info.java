/// Key backends: where keys are kept and used.
@NullMarked
package dev.countersign.hsm;

import org.jspecify.annotations.NullMarked;
