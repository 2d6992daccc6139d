package dev.countersign.policy.replay;

import dev.countersign.core.request.SigningRequest;
import java.time.Instant;

/// A request of which the draft says something else than was said.
///
/// @param at when it was judged first
/// @param before what was said
/// @param beforeRule the rule that decided then, or those that made it wait
/// @param after what the draft says
/// @param afterRule the rule that decides by the draft, or those that make it wait
/// @param reason why by the draft it is denied or waits, in words; empty when it is allowed
/// @param feesUnknown whether what gas cost is not known, so that it was judged as if gas cost
///     nothing
public record ReplayDifference(
    SigningRequest request,
    Instant at,
    ReplayAnswer before,
    String beforeRule,
    ReplayAnswer after,
    String afterRule,
    String reason,
    boolean feesUnknown) {}
