package dev.countersign.core.action;

import java.util.List;

/// A payload that means harm, and what must become of it.
///
/// @param name as `docs/HOSTILE_REQUESTS.md` lists it
/// @param becomes the actions in words; or one line that starts with `refused:` and goes on with a
///     part of the reason
record Hostile(String name, Unpacking unpacking, List<String> becomes) {
  static Hostile of(String name, Unpacking unpacking, String... becomes) {
    return new Hostile(name, unpacking, List.of(becomes));
  }

  @Override
  public String toString() {
    return name;
  }
}
