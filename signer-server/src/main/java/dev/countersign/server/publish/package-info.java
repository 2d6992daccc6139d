/// The audit log over HTTP, where it is configured to be public.
@NullMarked
package dev.countersign.server.publish;

import org.jspecify.annotations.NullMarked;
