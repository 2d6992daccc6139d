@NullMarked
package dev.countersign.policy.replay;

import org.jspecify.annotations.NullMarked;
