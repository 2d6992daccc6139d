/// The limits ledger on a real database.
@NullMarked
package dev.countersign.policy.limit;

import org.jspecify.annotations.NullMarked;
