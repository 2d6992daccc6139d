@NullMarked
package dev.countersign.testenv.junit;

import org.jspecify.annotations.NullMarked;
