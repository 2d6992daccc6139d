@NullMarked
package dev.countersign.vault.balance;

import org.jspecify.annotations.NullMarked;
