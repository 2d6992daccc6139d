/// Judging one transaction by one policy: pure, total, and the same every time.
@NullMarked
package dev.countersign.policy.evaluation;

import org.jspecify.annotations.NullMarked;
