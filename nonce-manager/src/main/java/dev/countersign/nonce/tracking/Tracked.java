package dev.countersign.nonce.tracking;

import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.Lane;
import dev.countersign.core.request.SigningRequestId;

/// A signed transaction about which the chain may have news.
///
/// @param mined whether it was seen mined before
record Tracked(SigningRequestId request, Lane lane, Nonce nonce, Digest32 hash, boolean mined) {}
