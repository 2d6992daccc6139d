package dev.countersign.core.port;

import dev.countersign.core.model.AssetId;
import java.math.BigInteger;
import java.time.Instant;

/// What a wallet's account has of an asset, as its chain told it before anything was reserved.
///
/// @param amount in the asset's smallest unit
/// @param at when the chain was asked
public record Balance(AssetId asset, BigInteger amount, Instant at) {}
