package dev.countersign.core.approval;

import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.Slug;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What an approver of a new policy agrees or disagrees with, byte for byte; docs/APPROVALS.md has
/// its form. Whoever has the document makes the same bytes.
///
/// @param deployment the name in the founders' file: what was signed for a test system is worth
/// nothing in another
/// @param proposer the client that proposes; none in the founding ceremony
/// @param base the policy that is active when it is proposed, and has to be still when it is
/// activated; [#NO_POLICY] for the first
/// @param document SHA-256 of the proposed document's bytes
/// @param size of the document, in bytes
/// @param quorum that of the base policy
/// @param delay how long it waits after it is approved; whole seconds, zero for not at all
/// @param asked when it was proposed; whole seconds
/// @param expires from when on no approval counts; whole seconds
public record PolicyChangeStatement(
    String deployment,
    ProposalId proposal,
    Optional<ClientId> proposer,
    PolicyVersion base,
    Digest32 document,
    int size,
    Quorum quorum,
    Duration delay,
    Instant asked,
    Instant expires)
    implements Approvable {
  /// The first line: what the bytes are, so that they are never taken for anything else.
  public static final String FORMAT = "countersign/policy-change/v1";

  /// What the first policy is based on: number 0, and the SHA-256 of no bytes.
  public static final PolicyVersion NO_POLICY = new PolicyVersion(0, Sha256.hash(new byte[0]));

  private static final String NOBODY = "-";
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
  private static final Duration LONGEST_DELAY = Duration.ofDays(3660);
  private static final long MOST_POLICIES = 999_999_999_999_999_999L;

  public PolicyChangeStatement {
    Slug.check("deployment", deployment);
    if (base.number() < 0 || base.number() > MOST_POLICIES) {
      throw InvalidValueException.of("base", Long.toString(base.number()), "0 to " + MOST_POLICIES);
    }
    if (base.number() == 0 && !base.equals(NO_POLICY)) {
      throw InvalidValueException.of("base", base.hash().hex(), NO_POLICY.hash().hex());
    }
    if (size < 0) {
      throw InvalidValueException.of("document", size + " bytes", "0 or more");
    }
    if (quorum.text().length() > QuorumText.LONGEST) {
      throw InvalidValueException.of(
          "quorum", quorum.text(), "at most " + QuorumText.LONGEST + " characters");
    }
    if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0 || delay.toNanosPart() != 0) {
      throw InvalidValueException.of("delay", delay.toString(), "whole seconds, 0 to 3660 days");
    }
    check("asked", asked);
    check("expires", expires);
    if (!asked.isBefore(expires)) {
      throw InvalidValueException.of("expires", expires.toString(), "after " + asked);
    }
  }

  private static void check(String what, Instant time) {
    if (!time.equals(time.truncatedTo(ChronoUnit.SECONDS))
        || time.isBefore(Instant.EPOCH)
        || time.isAfter(LATEST)) {
      throw InvalidValueException.of(what, time.toString(), "whole seconds of 1970 to 9999");
    }
  }

  /// Whether it is about exactly these bytes.
  public boolean isAbout(Bytes content) {
    return size == content.size() && document.equals(Sha256.hash(content.toArray()));
  }

  /// Of the policy that it follows; 0 for the first policy.
  public long baseNumber() {
    return base.number();
  }

  /// SHA-256 of the document of the policy that it follows.
  public Digest32 baseHash() {
    return base.hash();
  }

  /// The SHA-256 of a document, as `document` has it.
  public static Digest32 hashOf(Bytes content) {
    return Sha256.hash(content.toArray());
  }

  /// Reads [#bytes], and nothing that is not exactly what it gives.
  ///
  /// @throws InvalidValueException that names the line
  public static PolicyChangeStatement parse(Bytes bytes) {
    return StatementLines.parse("policy change statement", bytes, PolicyChangeStatement::read);
  }

  private static PolicyChangeStatement read(StatementLines lines) {
    lines.format(FORMAT);
    String deployment = lines.value("deployment");
    ProposalId proposal = ProposalId.parse(lines.value("proposal"));
    String proposer = lines.value("proposer");
    List<String> base = lines.two("base");
    List<String> document = lines.two("document");
    return new PolicyChangeStatement(
        deployment,
        proposal,
        proposer.equals(NOBODY) ? Optional.empty() : Optional.of(new ClientId(proposer)),
        new PolicyVersion(lines.count(base.getFirst()), Digest32.fromHex(base.getLast())),
        Digest32.fromHex(document.getFirst()),
        Math.toIntExact(Math.min(lines.count(document.getLast()), Integer.MAX_VALUE)),
        Quorum.parse(lines.value("quorum")),
        lines.delay(lines.value("delay")),
        lines.instant(lines.value("asked")),
        lines.instant(lines.value("expires")));
  }

  @Override
  public String text() {
    return String.join(
        "\n",
        FORMAT,
        "deployment " + deployment,
        "proposal " + proposal,
        "proposer " + proposer.map(ClientId::value).orElse(NOBODY),
        "base " + base.number() + " " + base.hash().hex(),
        "document " + document.hex() + " " + size,
        "quorum " + quorum.text(),
        "delay PT" + delay.toSeconds() + "S",
        "asked " + asked,
        "expires " + expires,
        "");
  }

  @Override
  public Optional<ClientId> initiator() {
    return proposer;
  }
}
