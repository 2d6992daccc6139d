@NullMarked
package dev.countersign.testenv.postgres;

import org.jspecify.annotations.NullMarked;
