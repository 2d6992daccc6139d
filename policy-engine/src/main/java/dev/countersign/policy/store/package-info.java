/// Policy versions and decisions as they are stored.
@NullMarked
package dev.countersign.policy.store;

import org.jspecify.annotations.NullMarked;
