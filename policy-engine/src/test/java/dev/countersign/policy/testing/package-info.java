@NullMarked
package dev.countersign.policy.testing;

import org.jspecify.annotations.NullMarked;
