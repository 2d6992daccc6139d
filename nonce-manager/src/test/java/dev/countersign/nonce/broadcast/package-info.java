@NullMarked
package dev.countersign.nonce.broadcast;

import org.jspecify.annotations.NullMarked;
