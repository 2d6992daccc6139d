@NullMarked
package dev.countersign.core.decision;

import org.jspecify.annotations.NullMarked;
