/// Tests of what feeds publish.
@NullMarked
package dev.countersign.policy.feed;

import org.jspecify.annotations.NullMarked;
