@NullMarked
package dev.countersign.core.request;

import org.jspecify.annotations.NullMarked;
