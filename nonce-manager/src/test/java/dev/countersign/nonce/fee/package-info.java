@NullMarked
package dev.countersign.nonce.fee;

import org.jspecify.annotations.NullMarked;
