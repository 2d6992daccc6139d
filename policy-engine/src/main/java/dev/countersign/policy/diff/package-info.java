/// What one policy document changes about another, in words and as values.
@NullMarked
package dev.countersign.policy.diff;

import org.jspecify.annotations.NullMarked;
