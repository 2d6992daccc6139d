/// Who the parties are to each other: signing keys that outlive sessions, and what they sign.
@NullMarked
package dev.countersign.mpc.identity;

import org.jspecify.annotations.NullMarked;
