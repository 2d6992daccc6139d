@NullMarked
package dev.countersign.core.action;

import org.jspecify.annotations.NullMarked;
