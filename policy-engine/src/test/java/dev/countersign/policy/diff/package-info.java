@NullMarked
package dev.countersign.policy.diff;

import org.jspecify.annotations.NullMarked;
