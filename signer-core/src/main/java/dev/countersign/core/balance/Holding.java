package dev.countersign.core.balance;

import dev.countersign.core.model.Address;
import dev.countersign.core.model.AssetId;

/// One asset of one account.
public record Holding(Address account, AssetId asset) {}
