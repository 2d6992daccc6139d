@NullMarked
package dev.countersign.testenv.chain;

import org.jspecify.annotations.NullMarked;
