package dev.countersign.core.audit;

/// Who did something, and how that was known.
///
/// @param name a client's id, or the component of the service that acted
/// @param authentication such as `mtls:sha256:…` with the certificate's fingerprint, or `internal`
public record Actor(Kind kind, String name, String authentication) {
  /// What sort of actor.
  public enum Kind {
    CLIENT,
    SYSTEM,
    /// Somebody with a login of the database, by a command of ours.
    OPERATOR
  }

  /// The service itself acting by its own schedule.
  public static Actor system(String component) {
    return new Actor(Kind.SYSTEM, component, "internal");
  }
}
