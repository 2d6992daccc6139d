/// What policy answers, and the permit that is the only way to a key.
@NullMarked
package dev.countersign.core.decision;

import org.jspecify.annotations.NullMarked;
