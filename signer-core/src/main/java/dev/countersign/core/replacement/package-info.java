/// What takes the place of a signed transaction on its nonce: a speed-up, or a cancellation.
@NullMarked
package dev.countersign.core.replacement;

import org.jspecify.annotations.NullMarked;
