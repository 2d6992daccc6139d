@NullMarked
package dev.countersign.policy.coverage;

import org.jspecify.annotations.NullMarked;
