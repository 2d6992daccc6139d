/// Circuit breakers: what is frozen by itself when more happens in a short while than should.
@NullMarked
package dev.countersign.policy.breaker;

import org.jspecify.annotations.NullMarked;
