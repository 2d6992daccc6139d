package dev.countersign.core.balance;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;

/// One block of a chain: a number alone may come to name another one.
public record ChainBlock(ChainId chain, long number, Digest32 hash) {}
