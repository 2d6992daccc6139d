/// Keeps an eye on what wallets have, on every chain.
@NullMarked
package dev.countersign.server.balance;

import org.jspecify.annotations.NullMarked;
