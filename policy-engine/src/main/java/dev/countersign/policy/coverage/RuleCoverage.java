package dev.countersign.policy.coverage;

import dev.countersign.policy.rule.Effect;
import java.time.Instant;
import java.util.Optional;

/// How often one rule matched.
///
/// @param effect what it does; nothing of a rule that the policy no longer has
/// @param matched in how many requests
/// @param lastAt when it did last
public record RuleCoverage(
    String rule, Optional<Effect> effect, long matched, Optional<Instant> lastAt) {}
