/// `countersign audit`: take a copy of the log, and verify it without trusting anybody.
@NullMarked
package dev.countersign.cli.audit;

import org.jspecify.annotations.NullMarked;
