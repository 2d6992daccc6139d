/// Signed tree heads: C2SP signed-note, tlog-checkpoint and tlog-cosignature with Ed25519, the keys
/// that sign them, and whose cosignatures are enough. No database.
@NullMarked
package dev.countersign.audit.checkpoint;

import org.jspecify.annotations.NullMarked;
