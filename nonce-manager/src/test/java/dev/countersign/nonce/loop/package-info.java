@NullMarked
package dev.countersign.nonce.loop;

import org.jspecify.annotations.NullMarked;
