@NullMarked
package dev.countersign.audit.entry;

import org.jspecify.annotations.NullMarked;
