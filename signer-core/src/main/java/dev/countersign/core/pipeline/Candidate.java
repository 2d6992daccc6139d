package dev.countersign.core.pipeline;

import dev.countersign.core.evm.UnsignedTransaction;
import dev.countersign.core.model.Fees;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.model.Wallet;
import dev.countersign.core.port.Lane;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.NewRequest;
import dev.countersign.core.request.RequestContent;

/// A submission that has all it needs to be judged, but a nonce.
record Candidate(Submission submission, NewRequest request, Wallet wallet, Fees fees) {

  Lane lane() {
    return new Lane(content().chain(), wallet.address());
  }

  PolicySubject subject() {
    return new PolicySubject(
        request.id(), submission.key().client(), wallet, content().chain(), request.receivedAt());
  }

  UnsignedTransaction with(Nonce nonce) {
    return UnsignedTransaction.of(content().chain(), nonce, fees, content().intent());
  }

  private RequestContent content() {
    return request.content();
  }
}
