/// Whether a chain and its nodes are what a definition says.
@NullMarked
package dev.countersign.nonce.check;

import org.jspecify.annotations.NullMarked;
