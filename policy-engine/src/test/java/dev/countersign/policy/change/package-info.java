/// Tests of how one policy comes to follow another.
@NullMarked
package dev.countersign.policy.change;

import org.jspecify.annotations.NullMarked;
