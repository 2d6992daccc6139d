@NullMarked
package dev.countersign.core.model;

import org.jspecify.annotations.NullMarked;
