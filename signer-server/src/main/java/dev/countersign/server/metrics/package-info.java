/// What the server does, in numbers: Prometheus reads them at `/prometheus`.
@NullMarked
package dev.countersign.server.metrics;

import org.jspecify.annotations.NullMarked;
