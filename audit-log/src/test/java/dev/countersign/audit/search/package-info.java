@NullMarked
package dev.countersign.audit.search;

import org.jspecify.annotations.NullMarked;
