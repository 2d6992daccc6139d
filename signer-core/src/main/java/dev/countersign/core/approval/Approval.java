package dev.countersign.core.approval;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.nio.charset.StandardCharsets;

/// What somebody says to be an approver's decision about a statement. Nothing is known of it before
/// an [ApprovalTally] has looked.
///
/// @param signature by `key`, of [Approvable#signedBytes]
public record Approval(ApproverName approver, ApproverKey key, Decision decision, Bytes signature) {

  /// What an approver may say.
  public enum Decision {
    APPROVE("approve"),
    REJECT("reject");

    private final String word;

    Decision(String word) {
      this.word = word;
    }

    /// As it stands in the signed bytes.
    public String word() {
      return word;
    }
  }

  /// Whether `key` signed this decision about exactly this statement. Whether `key` is the
  /// approver's is for [ApprovalTally].
  public boolean isSignatureOf(Approvable statement) {
    return key.verifies(statement.signedBytes(decision), signature);
  }

  /// What stands for it in a permit: the SHA-256 of one text line per field. The signature stands
  /// for the statement.
  public Digest32 digest() {
    String text =
        String.join(
            "\n",
            "countersign/approval-given/v1",
            "approver " + approver,
            "key " + key.text(),
            "decision " + decision.word(),
            "signature " + signature.hex(),
            "");
    return Sha256.hash(text.getBytes(StandardCharsets.US_ASCII));
  }
}
