/// Whether a cosigner takes part in a signature, and of what: its own judgement, of nobody else.
@NullMarked
package dev.countersign.cosigner.judge;

import org.jspecify.annotations.NullMarked;
