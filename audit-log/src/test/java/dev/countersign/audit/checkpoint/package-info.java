@NullMarked
package dev.countersign.audit.checkpoint;

import org.jspecify.annotations.NullMarked;
