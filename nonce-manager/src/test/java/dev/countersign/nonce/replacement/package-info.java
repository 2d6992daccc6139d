@NullMarked
package dev.countersign.nonce.replacement;

import org.jspecify.annotations.NullMarked;
