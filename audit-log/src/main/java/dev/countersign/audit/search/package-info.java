/// Finding entries: by request, wallet, actor, address, type and time.
@NullMarked
package dev.countersign.audit.search;

import org.jspecify.annotations.NullMarked;
