@NullMarked
package dev.countersign.testenv.softhsm;

import org.jspecify.annotations.NullMarked;
