/// Work that goes on in the background for as long as the service runs.
@NullMarked
package dev.countersign.nonce.loop;

import org.jspecify.annotations.NullMarked;
