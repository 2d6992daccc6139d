/// Vaults and the wallets in them: made once, never changed.
@NullMarked
package dev.countersign.vault.wallet;

import org.jspecify.annotations.NullMarked;
