@NullMarked
package dev.countersign.core.replacement;

import org.jspecify.annotations.NullMarked;
