package dev.countersign.server.config;

import java.util.Optional;

/// Which version of Countersign this is.
final class BuildVersion {
  private BuildVersion() {}

  /// The version of the jar, or `development` for classes that are in none.
  static String text() {
    return Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
