package dev.countersign.cosigner.session;

import dev.countersign.core.model.Bytes;
import dev.countersign.mpc.Party;

/// Bytes of one cosigner for another, for a coordinator to carry. Who they are from is its word:
/// what they say is signed or encrypted.
public record Envelope(Party from, Party to, Bytes bytes) {}
