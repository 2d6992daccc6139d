package dev.countersign.core.pipeline;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.port.PayloadLedger;
import dev.countersign.core.port.ReplacementPolicy;
import dev.countersign.core.port.ReplacementPricer;
import dev.countersign.core.replacement.ReplacementTerms;
import java.util.function.Function;

/// What replacing needs besides what the pipeline is made of.
///
/// @param terms of each chain
public record ReplacementParts(
    PipelineParts pipeline,
    PayloadLedger payloads,
    ReplacementPolicy policy,
    ReplacementPricer pricer,
    Function<ChainId, ReplacementTerms> terms) {}
