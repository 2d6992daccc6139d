/// Tests of the policy document.
@NullMarked
package dev.countersign.policy.document;

import org.jspecify.annotations.NullMarked;
