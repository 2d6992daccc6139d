/// Signed tree heads: C2SP signed-note and tlog-checkpoint with Ed25519, and the key that signs
/// them. No database.
@NullMarked
package dev.countersign.audit.checkpoint;

import org.jspecify.annotations.NullMarked;
