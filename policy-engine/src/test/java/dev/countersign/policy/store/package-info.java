/// Policy versions on a real database.
@NullMarked
package dev.countersign.policy.store;

import org.jspecify.annotations.NullMarked;
