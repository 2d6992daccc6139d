@NullMarked
package dev.countersign.cli.balance;

import org.jspecify.annotations.NullMarked;
