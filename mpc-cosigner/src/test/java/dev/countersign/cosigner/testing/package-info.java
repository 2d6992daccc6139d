@NullMarked
package dev.countersign.cosigner.testing;

import org.jspecify.annotations.NullMarked;
