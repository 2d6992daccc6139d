@NullMarked
package dev.countersign.testenv.process;

import org.jspecify.annotations.NullMarked;
