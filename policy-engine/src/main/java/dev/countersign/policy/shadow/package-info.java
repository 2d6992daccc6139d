/// A draft that judges what is really asked beside the active policy, after it was decided.
@NullMarked
package dev.countersign.policy.shadow;

import org.jspecify.annotations.NullMarked;
