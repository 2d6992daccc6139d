@NullMarked
package dev.countersign.nonce.store;

import org.jspecify.annotations.NullMarked;
