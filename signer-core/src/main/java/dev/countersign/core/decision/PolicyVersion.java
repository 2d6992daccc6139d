package dev.countersign.core.decision;

import dev.countersign.core.model.Digest32;

/// An activated policy document.
///
/// @param number 1 for the first, one more for each later one
/// @param hash SHA-256 of the document's bytes
public record PolicyVersion(long number, Digest32 hash) {}
