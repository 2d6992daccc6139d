@NullMarked
package dev.countersign.cosigner.store;

import org.jspecify.annotations.NullMarked;
