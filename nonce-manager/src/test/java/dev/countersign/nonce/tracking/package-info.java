@NullMarked
package dev.countersign.nonce.tracking;

import org.jspecify.annotations.NullMarked;
