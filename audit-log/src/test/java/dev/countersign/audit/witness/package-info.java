@NullMarked
package dev.countersign.audit.witness;

import org.jspecify.annotations.NullMarked;
