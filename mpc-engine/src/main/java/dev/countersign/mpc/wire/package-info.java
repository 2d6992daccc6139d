/// How values are stored and sent: one form each, with a version, read strictly.
@NullMarked
package dev.countersign.mpc.wire;

import org.jspecify.annotations.NullMarked;
