/// What comes of letting old entries leave the database for an archive.
@NullMarked
package dev.countersign.audit.retention;

import org.jspecify.annotations.NullMarked;
