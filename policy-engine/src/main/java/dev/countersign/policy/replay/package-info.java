/// Real requests of the past, judged by a draft.
@NullMarked
package dev.countersign.policy.replay;

import org.jspecify.annotations.NullMarked;
