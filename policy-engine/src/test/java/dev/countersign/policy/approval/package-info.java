@NullMarked
package dev.countersign.policy.approval;

import org.jspecify.annotations.NullMarked;
