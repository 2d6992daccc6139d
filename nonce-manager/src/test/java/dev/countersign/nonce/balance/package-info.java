@NullMarked
package dev.countersign.nonce.balance;

import org.jspecify.annotations.NullMarked;
