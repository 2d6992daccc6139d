package dev.countersign.cli.approval;

import dev.countersign.core.evm.Envelope;
import dev.countersign.core.model.Digest32;
import java.util.stream.Collectors;

/// The type of a transaction in words. What its authorizations do is among its actions.
final class EnvelopeWords {
  private EnvelopeWords() {}

  static String of(Envelope envelope) {
    String own =
        switch (envelope) {
          case Envelope.Legacy _, Envelope.OnePrice _, Envelope.FeeMarket _ -> "";
          case Envelope.Blobs blobs ->
              ", with %d blobs at %s: %s"
                  .formatted(
                      blobs.versionedHashes().size(),
                      blobs.leavesFee()
                          ? "the market's price"
                          : blobs.maxFeePerBlobGas() + " wei per blob gas at most",
                      blobs.versionedHashes().stream()
                          .map(Digest32::hex)
                          .collect(Collectors.joining(", ")));
          case Envelope.SetCode code ->
              ", that sets the code of %d accounts".formatted(code.authorizations().size());
        };
    int listed = envelope.accessList().entries().size();
    return envelope.type().text()
        + own
        + (listed == 0 ? "" : ", with an access list of %d accounts".formatted(listed));
  }
}
