@NullMarked
package dev.countersign.core.secret;

import org.jspecify.annotations.NullMarked;
