/// What accounts have, block by block, as their chains tell it.
@NullMarked
package dev.countersign.core.balance;

import org.jspecify.annotations.NullMarked;
