package dev.countersign.server.settings;

import dev.countersign.audit.checkpoint.FormerKey;
import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.VerifierKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// @param origin the log's name, the first line of its checkpoints
/// @param key what signs checkpoints
/// @param formerKeys what signed them before, under the same origin
/// @param continues the log that this one takes the place of
/// @param witnesses who cosigns checkpoints before proofs are given out
/// @param strict which answers wait for a checkpoint
/// @param seen the file, outside of the database, that holds the newest checkpoint this instance
/// has seen
/// @param archive the directory that entries were archived to which are not in the database any
/// more
/// @param publish whether the log's files are served over HTTP, to whoever reaches the port
public record AuditSettings(
    String origin,
    CheckpointKey key,
    List<FormerKey> formerKeys,
    Optional<FormerLog> continues,
    WitnessSettings witnesses,
    Strict strict,
    Optional<Path> seen,
    Optional<Path> archive,
    boolean publish) {

  /// Answers that tell of entries of these types wait until the entries are under a signed
  /// checkpoint.
  ///
  /// @param types of [#STRICT_TYPES]
  /// @param patience how long they wait at most
  public record Strict(Set<String> types, Duration patience) {
    public Strict {
      types = Set.copyOf(types);
    }

    static Strict read(Section section) {
      return new Strict(
          Set.copyOf(section.each("strict", "none", type -> type(section, type))),
          section.duration("strictPatience", "5s"));
    }

    private static String type(Section section, String type) {
      if (!STRICT_TYPES.contains(type)) {
        throw section.wrong("strict", "expected of %s, got \"%s\"".formatted(STRICT_TYPES, type));
      }
      return type;
    }
  }

  /// The types of what is done while a caller waits for the answer.
  private static final List<String> STRICT_TYPES =
      List.of(
          "request-admitted",
          "request-denied",
          "judging-failed",
          "transaction-signed",
          "message-admitted",
          "message-signed",
          "request-held",
          "request-expired",
          "request-rejected",
          "request-withdrawn",
          "request-failed",
          "vault-created",
          "key-created",
          "wallet-created",
          "scope-frozen",
          "scope-thawed",
          "policy-proposed",
          "policy-approved",
          "policy-rejected",
          "policy-proposal-ended",
          "policy-activated");

  /// A log that was broken or given up.
  ///
  /// @param checkpoint a file with its last good checkpoint
  /// @param key that signed it
  public record FormerLog(Path checkpoint, VerifierKey key) {
    static FormerLog read(Section section) {
      FormerLog former =
          new FormerLog(
              section.path("checkpoint"), verifierKey(section, "key", section.text("key")));
      section.end();
      return former;
    }
  }

  private static FormerKey formerKey(Section section, String text) {
    try {
      return FormerKey.parse(text);
    } catch (InvalidNoteException e) {
      throw section.wrong("formerKeys", String.valueOf(e.getMessage()));
    }
  }

  private static VerifierKey verifierKey(Section section, String name, String text) {
    try {
      return VerifierKey.parse(text);
    } catch (InvalidNoteException e) {
      throw section.wrong(name, String.valueOf(e.getMessage()));
    }
  }

  static AuditSettings read(Section section) {
    AuditSettings settings =
        new AuditSettings(
            section.text("origin"),
            CheckpointKey.read(section),
            section.each("formerKeys", "none", text -> formerKey(section, text)),
            section.has("continues")
                ? Optional.of(FormerLog.read(section.section("continues")))
                : Optional.empty(),
            section.has("witnesses")
                ? WitnessSettings.read(section.section("witnesses"))
                : WitnessSettings.NONE,
            Strict.read(section),
            section.optionalPath("seenFile", "none: nothing is kept"),
            section.optionalPath("archive", "none: nothing was archived"),
            section.flag("publish", false));
    section.end();
    return settings;
  }
}
