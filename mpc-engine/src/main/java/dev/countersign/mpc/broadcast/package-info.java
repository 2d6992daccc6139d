/// Saying the same thing to everybody, where some would not.
@NullMarked
package dev.countersign.mpc.broadcast;

import org.jspecify.annotations.NullMarked;
