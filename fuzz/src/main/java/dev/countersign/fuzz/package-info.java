/// What a fuzzer feeds with bytes, one class a parser: `fuzz/run NAME`. A target throws when the
/// parser does what it must not.
@NullMarked
package dev.countersign.fuzz;

import org.jspecify.annotations.NullMarked;
