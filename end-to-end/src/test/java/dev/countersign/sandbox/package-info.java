/// `./countersign` as people run it.
@NullMarked
package dev.countersign.sandbox;

import org.jspecify.annotations.NullMarked;
