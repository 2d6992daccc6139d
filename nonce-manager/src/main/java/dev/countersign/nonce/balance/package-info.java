/// What the nodes say of our accounts at one block, and what our own transactions moved.
@NullMarked
package dev.countersign.nonce.balance;

import org.jspecify.annotations.NullMarked;
