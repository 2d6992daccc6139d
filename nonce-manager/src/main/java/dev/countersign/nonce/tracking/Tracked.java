package dev.countersign.nonce.tracking;

import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.request.SigningRequestId;

/// A signed payload about whose nonce the chain may have news. Of those of one nonce one at most is
/// mined.
///
/// @param payload which payload of its nonce: 0 is the original
/// @param mined whether it was the one that was seen mined before
record Tracked(
    SigningRequestId request,
    Lane lane,
    Nonce nonce,
    int payload,
    PayloadPurpose purpose,
    Digest32 hash,
    boolean mined) {}
