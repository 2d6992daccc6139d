/// What is frozen, as it is stored, and how it comes to be and ends.
@NullMarked
package dev.countersign.policy.freeze;

import org.jspecify.annotations.NullMarked;
