@NullMarked
package dev.countersign.core.typeddata;

import org.jspecify.annotations.NullMarked;
