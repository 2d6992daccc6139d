@NullMarked
package dev.countersign.policy.breaker;

import org.jspecify.annotations.NullMarked;
