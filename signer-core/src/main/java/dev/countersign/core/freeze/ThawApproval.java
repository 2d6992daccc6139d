package dev.countersign.core.freeze;

import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What somebody says to be an approver's signature of a [ThawStatement].
///
/// ```
/// countersign/thaw-approval/v1
/// approver alice
/// key ed25519:…
/// signature 5e1c…
/// ```
///
/// @param signature by `key`, of [ThawStatement#canonical], 64 bytes
public record ThawApproval(ApproverName approver, ApproverKey key, Bytes signature) {
  private static final String FORMAT = "countersign/thaw-approval/v1";
  private static final String FORM =
      "4 lines: " + FORMAT + ", approver NAME, key KEY, signature HEX";
  private static final int MOST_BYTES = 1024;
  private static final int LINES = 4;

  /// Whether `key` signed exactly this statement. Whether `key` is the approver's is for whoever
  /// has the policy.
  public boolean isSignatureOf(ThawStatement statement) {
    return key.verifies(statement.canonical().toArray(), signature);
  }

  /// ASCII; each line ends in one line feed.
  public String text() {
    return String.join(
        "\n",
        FORMAT,
        "approver " + approver,
        "key " + key.text(),
        "signature " + signature.hex(),
        "");
  }

  public Bytes bytes() {
    return Bytes.of(text().getBytes(StandardCharsets.US_ASCII));
  }

  /// Reads [#bytes], and nothing that is not exactly what it gives.
  ///
  /// @throws InvalidValueException on any other bytes
  public static ThawApproval parse(Bytes bytes) {
    if (bytes.size() > MOST_BYTES) {
      throw InvalidValueException.of(
          "thaw approval", bytes.size() + " bytes", "at most " + MOST_BYTES);
    }
    List<String> lines = new String(bytes.toArray(), StandardCharsets.US_ASCII).lines().toList();
    if (lines.size() != LINES) {
      throw InvalidValueException.of("thaw approval", lines.size() + " lines", FORM);
    }
    ThawApproval approval =
        new ThawApproval(
            new ApproverName(value(lines.get(1), "approver ")),
            ApproverKey.parse(value(lines.get(2), "key ")),
            Bytes.fromHex(value(lines.get(3), "signature ")));
    if (!approval.bytes().equals(bytes)) {
      throw InvalidValueException.of("thaw approval", lines.getFirst(), FORM);
    }
    return approval;
  }

  private static String value(String line, String name) {
    if (!line.startsWith(name)) {
      throw InvalidValueException.of("thaw approval", line, FORM);
    }
    return line.substring(name.length());
  }
}
