package dev.countersign.core.price;

import dev.countersign.core.model.Slug;

/// A price feed, by the name that the policy gives it.
public record FeedName(String value) implements Comparable<FeedName> {
  public FeedName {
    Slug.check("price feed", value);
  }

  @Override
  public int compareTo(FeedName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
