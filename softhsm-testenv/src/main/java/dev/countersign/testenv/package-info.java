/// A complete environment for tests and for trying things out: a SoftHSM token, a PostgreSQL
/// server and an Ethereum development chain, all without root and on loopback only.
@NullMarked
package dev.countersign.testenv;

import org.jspecify.annotations.NullMarked;
