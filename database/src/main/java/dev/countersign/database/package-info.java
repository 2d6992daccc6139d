/// What every feature that keeps tables shares: one transaction, one way to migrate a schema.
@NullMarked
package dev.countersign.database;

import org.jspecify.annotations.NullMarked;
