/// Shares made without anybody who knows the key: of a new key, of the same key anew, and of the
/// same key for others.
@NullMarked
package dev.countersign.mpc.keygen;

import org.jspecify.annotations.NullMarked;
