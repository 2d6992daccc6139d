/// The values of the domain: each checks itself when made, and carries its unit in its type.
@NullMarked
package dev.countersign.core.model;

import org.jspecify.annotations.NullMarked;
