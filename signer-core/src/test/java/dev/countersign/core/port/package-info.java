@NullMarked
package dev.countersign.core.port;

import org.jspecify.annotations.NullMarked;
