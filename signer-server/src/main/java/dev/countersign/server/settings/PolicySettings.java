package dev.countersign.server.settings;

import java.nio.file.Path;
import java.util.Optional;

/// Where policies begin.
///
/// @param founders the file that names the people whose signatures make the first policy: pinned
/// here, outside of the database
/// @param document of the first policy; from then on it changes nothing
/// @param founding what the founders have signed for it
/// @param seen the file, outside of the database, that holds the last policy that this instance has
/// judged by
public record PolicySettings(
    Path founders, Optional<Path> document, Optional<Path> founding, Optional<Path> seen) {

  static PolicySettings read(Section section) {
    PolicySettings settings =
        new PolicySettings(
            section.path("founders"),
            section.optionalPath("document", "none: the active one stays"),
            section.optionalPath("founding", "none: the first policy was made before"),
            section.optionalPath("seenFile", "none: kept as long as the instance runs"));
    if (settings.founding().isPresent() && settings.document().isEmpty()) {
      throw section.wrong("document", "missing: `founding` says what was signed for it");
    }
    section.end();
    return settings;
  }
}
