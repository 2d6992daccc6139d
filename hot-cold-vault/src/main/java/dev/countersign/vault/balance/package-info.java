/// What wallets have: observed block by block, and held against what our own transactions explain.
@NullMarked
package dev.countersign.vault.balance;

import org.jspecify.annotations.NullMarked;
