/// The ledger of requests in PostgreSQL, schema `signer`.
@NullMarked
package dev.countersign.server.store;

import org.jspecify.annotations.NullMarked;
