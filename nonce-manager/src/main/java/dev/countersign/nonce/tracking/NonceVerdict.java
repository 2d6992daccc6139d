package dev.countersign.nonce.tracking;

import dev.countersign.nonce.node.Agreement;
import dev.countersign.nonce.node.Receipt;
import dev.countersign.nonce.tracking.TrackedRows.Judged;
import java.util.List;
import java.util.Optional;

/// What the receipts of all payloads of one nonce say together: the one that is mined decides,
/// whichever was meant to win.
sealed interface NonceVerdict {
  /// Something is to be written.
  record News(Judged judged) implements NonceVerdict {}

  /// None of them is mined, as before.
  ///
  /// @param newest the one that is sent
  record Waiting(Tracked newest) implements NonceVerdict {}

  /// The nodes do not agree.
  record Split(Tracked tracked, String detail) implements NonceVerdict {}

  /// @param payloads of one nonce, by their ordinals
  /// @param answers one for each, in order
  /// @param deep the number of the newest block that is final
  static NonceVerdict of(
      List<Tracked> payloads, List<Agreement<Optional<Receipt>>> answers, long deep) {
    Optional<Judged> mined = Optional.empty();
    Optional<NonceVerdict> split = Optional.empty();
    Optional<Tracked> before = payloads.stream().filter(Tracked::mined).findFirst();
    for (int i = 0; i < payloads.size(); i++) {
      Tracked one = payloads.get(i);
      switch (answers.get(i)) {
        case Agreement.Split<Optional<Receipt>>(String detail) ->
            split = Optional.of(new Split(one, detail));
        case Agreement.Agreed<Optional<Receipt>>(Optional<Receipt> receipt) -> {
          if (receipt.isEmpty()) {
            continue;
          }
          if (mined.isPresent()) {
            // No chain has both: they were told while one block took the place of another.
            return new Split(one, "two payloads of one nonce have receipts");
          }
          mined =
              Optional.of(
                  new Judged(
                      one,
                      Verdict.of(one.mined(), receipt, deep),
                      before.filter(earlier -> earlier.payload() != one.payload())));
        }
      }
    }
    if (mined.isPresent()) {
      return new News(mined.get());
    }
    return split.orElseGet(
        () ->
            before
                .<NonceVerdict>map(
                    gone -> new News(new Judged(gone, new Verdict.Unmined(), Optional.empty())))
                .orElseGet(() -> new Waiting(payloads.getLast())));
  }
}
