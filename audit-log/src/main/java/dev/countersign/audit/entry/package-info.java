/// The bytes of an entry: one canonical, readable form for each thing that can happen, and back.
/// The format is written down in docs/LOG_FORMAT.md.
@NullMarked
package dev.countersign.audit.entry;

import org.jspecify.annotations.NullMarked;
