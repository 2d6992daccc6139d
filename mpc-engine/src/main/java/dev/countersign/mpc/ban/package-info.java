/// Who is not worked with any longer.
@NullMarked
package dev.countersign.mpc.ban;

import org.jspecify.annotations.NullMarked;
