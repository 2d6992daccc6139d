package dev.countersign.core.port;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.request.SigningRequestId;
import java.time.Instant;

/// All that policy knows of a request besides its bytes.
public record PolicySubject(
    SigningRequestId request, ClientId initiator, Wallet wallet, ChainId chain, Instant at) {}
