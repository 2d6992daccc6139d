@NullMarked
package dev.countersign.vault.wallet;

import org.jspecify.annotations.NullMarked;
