@NullMarked
package dev.countersign.nonce.check;

import org.jspecify.annotations.NullMarked;
