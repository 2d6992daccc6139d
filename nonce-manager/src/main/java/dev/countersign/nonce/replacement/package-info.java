/// What takes the place of what is signed on a nonce.
@NullMarked
package dev.countersign.nonce.replacement;

import org.jspecify.annotations.NullMarked;
