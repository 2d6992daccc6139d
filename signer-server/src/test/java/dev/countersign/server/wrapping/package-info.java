@NullMarked
package dev.countersign.server.wrapping;

import org.jspecify.annotations.NullMarked;
