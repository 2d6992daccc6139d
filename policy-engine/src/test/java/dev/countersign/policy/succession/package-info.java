/// Tests of who may follow whom.
@NullMarked
package dev.countersign.policy.succession;

import org.jspecify.annotations.NullMarked;
