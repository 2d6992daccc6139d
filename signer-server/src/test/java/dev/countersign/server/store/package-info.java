@NullMarked
package dev.countersign.server.store;

import org.jspecify.annotations.NullMarked;
