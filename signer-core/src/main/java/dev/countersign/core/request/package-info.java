/// The life of a request: its states, the legal moves between them, its identity.
@NullMarked
package dev.countersign.core.request;

import org.jspecify.annotations.NullMarked;
