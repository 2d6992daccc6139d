@NullMarked
package dev.countersign.testenv;

import org.jspecify.annotations.NullMarked;
