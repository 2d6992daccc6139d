/// Witnesses: the C2SP tlog-witness protocol, its client and a witness of our own. No database.
@NullMarked
package dev.countersign.audit.witness;

import org.jspecify.annotations.NullMarked;
