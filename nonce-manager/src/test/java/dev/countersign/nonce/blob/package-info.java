/// Blobs (EIP-4844): what proves them, and what is sent of them.
@NullMarked
package dev.countersign.nonce.blob;

import org.jspecify.annotations.NullMarked;
