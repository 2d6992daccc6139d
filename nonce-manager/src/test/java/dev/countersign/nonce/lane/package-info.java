@NullMarked
package dev.countersign.nonce.lane;

import org.jspecify.annotations.NullMarked;
