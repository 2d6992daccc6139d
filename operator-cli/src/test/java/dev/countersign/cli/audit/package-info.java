@NullMarked
package dev.countersign.cli.audit;

import org.jspecify.annotations.NullMarked;
