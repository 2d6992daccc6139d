@NullMarked
package dev.countersign.audit.tiles;

import org.jspecify.annotations.NullMarked;
