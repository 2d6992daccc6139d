/// The policy engine of the server: judging, limits and permits over PostgreSQL.
@NullMarked
package dev.countersign.policy.engine;

import org.jspecify.annotations.NullMarked;
