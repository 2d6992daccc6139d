/// The Merkle tree of RFC 6962, section 2.1, over SHA-256: hashing, growing, proving, checking.
@NullMarked
package dev.countersign.audit.merkle;

import org.jspecify.annotations.NullMarked;
