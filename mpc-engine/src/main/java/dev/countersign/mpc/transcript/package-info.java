/// What every hash of the protocols begins with and how its input is written, and the names of
/// sessions and of pairs in them.
@NullMarked
package dev.countersign.mpc.transcript;

import org.jspecify.annotations.NullMarked;
