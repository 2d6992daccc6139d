@NullMarked
package dev.countersign.server.blob;

import org.jspecify.annotations.NullMarked;
