/// Messages between two parties of a session, which nobody else reads, makes or uses again.
@NullMarked
package dev.countersign.mpc.channel;

import org.jspecify.annotations.NullMarked;
