/// Requests that are allowed once more is there: what they wait for, and since when.
@NullMarked
package dev.countersign.policy.hold;

import org.jspecify.annotations.NullMarked;
