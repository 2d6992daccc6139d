/// Blobs (EIP-4844), from what a client sends to what is signed and stored.
@NullMarked
package dev.countersign.server.blob;

import org.jspecify.annotations.NullMarked;
