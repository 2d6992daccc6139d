@NullMarked
package dev.countersign.policy.shadow;

import org.jspecify.annotations.NullMarked;
