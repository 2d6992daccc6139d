/// Checks a log, or a proof from it, on any machine: needs the files and a pinned verifier key, no
/// database and no server.
@NullMarked
package dev.countersign.audit.verify;

import org.jspecify.annotations.NullMarked;
