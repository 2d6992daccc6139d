package dev.countersign.core.replacement;

import java.util.OptionalLong;

/// How far a nonce's payloads are that go by a private relay.
///
/// @param publicAfterBlocks after how many blocks they may go by the chain's nodes; never without
/// @param since the newest block when one was first given to the relay; nothing before
/// @param publicAt the newest block when they were given to the nodes; nothing before
public record Relaying(OptionalLong publicAfterBlocks, OptionalLong since, OptionalLong publicAt) {}
