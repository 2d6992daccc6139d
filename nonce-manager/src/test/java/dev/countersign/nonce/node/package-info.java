@NullMarked
package dev.countersign.nonce.node;

import org.jspecify.annotations.NullMarked;
