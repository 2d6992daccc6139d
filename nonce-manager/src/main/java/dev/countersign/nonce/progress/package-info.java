/// What sending and tracking tell the rest of the service.
@NullMarked
package dev.countersign.nonce.progress;

import org.jspecify.annotations.NullMarked;
