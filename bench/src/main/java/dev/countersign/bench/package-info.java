/// Measurements against a floor of the same run. The last line of each is one JSON object.
@NullMarked
package dev.countersign.bench;

import org.jspecify.annotations.NullMarked;
