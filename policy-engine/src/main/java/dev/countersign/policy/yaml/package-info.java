/// YAML as a tree that knows its lines, and the collecting of what is wrong with it.
@NullMarked
package dev.countersign.policy.yaml;

import org.jspecify.annotations.NullMarked;
