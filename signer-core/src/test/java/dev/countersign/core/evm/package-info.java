@NullMarked
package dev.countersign.core.evm;

import org.jspecify.annotations.NullMarked;
