/// Rules and the kinds of criteria they are made of, one file each: how it is written, when it
/// holds, what it says when it does not.
@NullMarked
package dev.countersign.policy.rule;

import org.jspecify.annotations.NullMarked;
