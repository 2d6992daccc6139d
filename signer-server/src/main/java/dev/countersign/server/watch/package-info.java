/// Following requests as they change, whichever instance changes them.
@NullMarked
package dev.countersign.server.watch;

import org.jspecify.annotations.NullMarked;
