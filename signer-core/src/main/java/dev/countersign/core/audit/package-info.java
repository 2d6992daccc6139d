/// The closed set of things that happen, as the audit trail records them.
@NullMarked
package dev.countersign.core.audit;

import org.jspecify.annotations.NullMarked;
