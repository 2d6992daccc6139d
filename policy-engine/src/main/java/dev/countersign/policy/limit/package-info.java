/// The limits ledger: what was reserved and committed in each scope, exact under concurrency.
@NullMarked
package dev.countersign.policy.limit;

import org.jspecify.annotations.NullMarked;
