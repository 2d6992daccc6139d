/// What the protocols have in common: the parties, and how a run of one ends before its end.
@NullMarked
package dev.countersign.mpc;

import org.jspecify.annotations.NullMarked;
