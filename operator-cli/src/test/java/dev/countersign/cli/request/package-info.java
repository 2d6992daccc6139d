@NullMarked
package dev.countersign.cli.request;

import org.jspecify.annotations.NullMarked;
