/// A model of what may happen to nonces: instances that crash, nodes that lie, a chain that
/// forgets.
@NullMarked
package dev.countersign.nonce.model;

import org.jspecify.annotations.NullMarked;
