/// Conditions in CEL, the Common Expression Language: typed and checked when they are read, and no
/// dearer than their text is long.
@NullMarked
package dev.countersign.policy.condition;

import org.jspecify.annotations.NullMarked;
