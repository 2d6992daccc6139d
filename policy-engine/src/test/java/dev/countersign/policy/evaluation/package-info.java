/// Tests and laws of judging.
@NullMarked
package dev.countersign.policy.evaluation;

import org.jspecify.annotations.NullMarked;
