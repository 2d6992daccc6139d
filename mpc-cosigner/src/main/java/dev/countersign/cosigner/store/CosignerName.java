package dev.countersign.cosigner.store;

import dev.countersign.core.model.Slug;

/// A cosigner by the name that its shares are sealed for.
public record CosignerName(String value) {
  public CosignerName {
    Slug.check("cosigner", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
