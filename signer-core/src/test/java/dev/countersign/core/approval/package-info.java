@NullMarked
package dev.countersign.core.approval;

import org.jspecify.annotations.NullMarked;
