/// Secrets: no text form, no serialisation, wiped when closed.
@NullMarked
package dev.countersign.core.secret;

import org.jspecify.annotations.NullMarked;
