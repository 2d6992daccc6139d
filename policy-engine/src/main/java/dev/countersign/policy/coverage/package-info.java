/// Which rules matter: how often each matched.
@NullMarked
package dev.countersign.policy.coverage;

import org.jspecify.annotations.NullMarked;
