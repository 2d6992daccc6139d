/// Chains as data: one YAML file each, read strictly.
@NullMarked
package dev.countersign.nonce.chain;

import org.jspecify.annotations.NullMarked;
