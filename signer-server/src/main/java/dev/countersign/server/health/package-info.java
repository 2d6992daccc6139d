/// Whether the server is alive, and whether it can do its work: `/health/liveness` and
/// `/health/readiness`.
@NullMarked
package dev.countersign.server.health;

import org.jspecify.annotations.NullMarked;
