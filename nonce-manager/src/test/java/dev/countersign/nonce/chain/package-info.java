@NullMarked
package dev.countersign.nonce.chain;

import org.jspecify.annotations.NullMarked;
