/// What a transaction would cost and whether it would go through.
@NullMarked
package dev.countersign.nonce.fee;

import org.jspecify.annotations.NullMarked;
