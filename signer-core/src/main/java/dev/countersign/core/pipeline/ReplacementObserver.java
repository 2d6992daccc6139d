package dev.countersign.core.pipeline;

import dev.countersign.core.model.ChainId;
import dev.countersign.core.replacement.PayloadPurpose;
import dev.countersign.core.request.Refusal;

/// Sees what becomes of replacements, for metrics.
public interface ReplacementObserver {
  /// For those who do not look.
  ReplacementObserver NONE =
      new ReplacementObserver() {
        @Override
        public void permitted(ChainId chain, PayloadPurpose purpose) {}

        @Override
        public void refused(ChainId chain, Refusal.Code code) {}
      };

  void permitted(ChainId chain, PayloadPurpose purpose);

  void refused(ChainId chain, Refusal.Code code);
}
