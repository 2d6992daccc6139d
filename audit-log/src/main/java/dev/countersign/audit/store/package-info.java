/// The log in PostgreSQL: appended to in the caller's transaction, put into the tree by one
/// integrator at a time, read with proofs.
@NullMarked
package dev.countersign.audit.store;

import org.jspecify.annotations.NullMarked;
