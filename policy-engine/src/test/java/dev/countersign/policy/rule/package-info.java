/// One test for each kind of criterion.
@NullMarked
package dev.countersign.policy.rule;

import org.jspecify.annotations.NullMarked;
