/// Tests of reading YAML.
@NullMarked
package dev.countersign.policy.yaml;

import org.jspecify.annotations.NullMarked;
