package dev.countersign.policy.condition;

import java.math.BigInteger;

/// A number of the smallest unit of something, exact however large: CEL's own integers end at 64
/// bits. In a type of its own, so that nobody compares it with a number of something else.
public record Amount(BigInteger value) {}
