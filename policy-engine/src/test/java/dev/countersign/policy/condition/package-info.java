/// Tests of conditions.
@NullMarked
package dev.countersign.policy.condition;

import org.jspecify.annotations.NullMarked;
