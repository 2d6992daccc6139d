/// What tests of commands share.
@NullMarked
package dev.countersign.cli.testing;

import org.jspecify.annotations.NullMarked;
