/// Finds or unpacks SoftHSM and keeps a token in a private directory.
@NullMarked
package dev.countersign.testenv.softhsm;

import org.jspecify.annotations.NullMarked;
