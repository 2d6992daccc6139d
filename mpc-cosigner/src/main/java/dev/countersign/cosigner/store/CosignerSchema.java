package dev.countersign.cosigner.store;

import dev.countersign.database.SchemaMigration;

/// The tables of one cosigner. Each cosigner has a database of its own.
public final class CosignerSchema {
  public static final SchemaMigration MIGRATION =
      new SchemaMigration("cosigner", "dev/countersign/cosigner/migrations");

  private CosignerSchema() {}
}
