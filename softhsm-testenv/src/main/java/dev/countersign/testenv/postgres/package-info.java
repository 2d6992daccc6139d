/// A PostgreSQL server of our own: durable settings, loopback only, password authentication.
@NullMarked
package dev.countersign.testenv.postgres;

import org.jspecify.annotations.NullMarked;
