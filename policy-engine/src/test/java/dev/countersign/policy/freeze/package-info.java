@NullMarked
package dev.countersign.policy.freeze;

import org.jspecify.annotations.NullMarked;
