@NullMarked
package dev.countersign.core.freeze;

import org.jspecify.annotations.NullMarked;
