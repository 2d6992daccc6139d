/// EIP-712 typed data: a strict reading of its JSON, and its hash. One reading serves both, so that
/// what is judged is what is signed.
@NullMarked
package dev.countersign.core.typeddata;

import org.jspecify.annotations.NullMarked;
