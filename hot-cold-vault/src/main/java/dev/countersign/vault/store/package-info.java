/// The tables of the schema `vault`.
@NullMarked
package dev.countersign.vault.store;

import org.jspecify.annotations.NullMarked;
