@NullMarked
package dev.countersign.server.balance;

import org.jspecify.annotations.NullMarked;
