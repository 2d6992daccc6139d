package dev.countersign.nonce.store;

import dev.countersign.database.SchemaMigration;

/// Where the tables of this module come from.
public final class NonceSchema {
  public static final SchemaMigration MIGRATION =
      new SchemaMigration("nonce", "dev/countersign/nonce/migrations");

  private NonceSchema() {}
}
