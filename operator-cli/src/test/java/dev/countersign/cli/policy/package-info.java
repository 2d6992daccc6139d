@NullMarked
package dev.countersign.cli.policy;

import org.jspecify.annotations.NullMarked;
