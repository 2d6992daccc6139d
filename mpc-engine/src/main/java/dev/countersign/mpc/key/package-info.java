/// What is known and held of a key in shares, whatever is signed with it.
@NullMarked
package dev.countersign.mpc.key;

import org.jspecify.annotations.NullMarked;
