/// Keys in files that are encrypted with a key kept elsewhere.
@NullMarked
package dev.countersign.server.wrapping;

import org.jspecify.annotations.NullMarked;
