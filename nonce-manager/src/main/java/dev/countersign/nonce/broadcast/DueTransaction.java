package dev.countersign.nonce.broadcast;

import dev.countersign.core.evm.SignedTransaction;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.request.SigningRequestId;

/// Signed bytes that this instance is to send now.
///
/// @param payload which payload of its nonce: 0 is the original
/// @param attempts sends in a row before this one that no node has taken
/// @param taken whether a node has taken it before, and it is not mined all the same
record DueTransaction(
    SigningRequestId request,
    Lane lane,
    Nonce nonce,
    SignedTransaction transaction,
    Digest32 hash,
    int payload,
    int attempts,
    boolean taken) {}
