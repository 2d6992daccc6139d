@NullMarked
package dev.countersign.audit.merkle;

import org.jspecify.annotations.NullMarked;
