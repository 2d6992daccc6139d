@NullMarked
package dev.countersign.core.pipeline;

import org.jspecify.annotations.NullMarked;
