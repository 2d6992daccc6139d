@NullMarked
package dev.countersign.server.audit;

import org.jspecify.annotations.NullMarked;
