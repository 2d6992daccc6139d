package dev.countersign.policy.succession;

import dev.countersign.core.approval.Approval;
import dev.countersign.core.approval.Approval.Decision;
import dev.countersign.core.approval.ApproverKey;
import dev.countersign.core.approval.ApproverName;
import dev.countersign.core.approval.PolicyChangeStatement;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import dev.countersign.policy.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The file of a founding ceremony, which goes from founder to founder. It proves itself: nothing
/// in it is secret, and what is changed in it does not verify.
public final class FoundingFile {
  public static final String FORMAT = "countersign/founding/v1";

  private static final String STATEMENT = "statement";
  private static final String SIGNATURES = "signatures";

  private FoundingFile() {}

  /// @throws InvalidValueException that says what is wrong with it
  public static Founding read(byte[] bytes) {
    Problems problems = new Problems();
    Optional<Founding> founding =
        YamlReader.read(bytes, problems)
            .flatMap(root -> Fields.of(root, "", problems))
            .flatMap(fields -> founding(fields, problems));
    if (founding.isEmpty() || !problems.isEmpty()) {
      throw InvalidValueException.of(
          "founding file",
          problems.all().isEmpty() ? "" : problems.all().getFirst().toString(),
          "a file of countersign policy found");
    }
    return founding.get();
  }

  private static Optional<Founding> founding(Fields fields, Problems problems) {
    fields.refuseOthersThan(List.of("format", STATEMENT, SIGNATURES));
    fields
        .requireText("format", FORMAT)
        .filter(format -> !format.text().equals(FORMAT))
        .ifPresent(format -> problems.add(format.at(), "format", "expected " + FORMAT));
    Optional<Scalar> statement = fields.requireText(STATEMENT, "a policy change statement");
    List<Approval> signatures = new ArrayList<>();
    fields
        .require(SIGNATURES, "a list of signatures")
        .ifPresent(
            value -> {
              if (value instanceof Sequence sequence) {
                sequence.items().forEach(item -> signature(item, problems, signatures));
              } else {
                problems.add(value.at(), SIGNATURES, "expected a list, got " + value.kind());
              }
            });
    return statement.map(
        text ->
            new Founding(
                PolicyChangeStatement.parse(Bytes.of(text.text().getBytes(StandardCharsets.UTF_8))),
                signatures));
  }

  private static void signature(YamlNode item, Problems problems, List<Approval> into) {
    Fields.of(item, SIGNATURES, problems)
        .ifPresent(
            fields -> {
              fields.refuseOthersThan(List.of("founder", "key", "signature"));
              Optional<Scalar> founder = fields.requireText("founder", "a founder's name");
              Optional<Scalar> key = fields.requireText("key", ApproverKey.FORM);
              Optional<Scalar> signature = fields.requireText("signature", "0x and hex digits");
              if (founder.isPresent() && key.isPresent() && signature.isPresent()) {
                into.add(
                    new Approval(
                        new ApproverName(founder.get().text()),
                        ApproverKey.parse(key.get().text()),
                        Decision.APPROVE,
                        Bytes.fromHex(signature.get().text())));
              }
            });
  }

  /// The file's text.
  public static String write(Founding founding) {
    StringBuilder text = new StringBuilder("format: " + FORMAT + "\nstatement: |\n");
    founding
        .statement()
        .text()
        .lines()
        .forEach(line -> text.append("  ").append(line).append('\n'));
    text.append("signatures:");
    if (founding.signatures().isEmpty()) {
      return text.append(" []\n").toString();
    }
    text.append('\n');
    for (Approval signature : founding.signatures()) {
      text.append("  - founder: ").append(signature.approver()).append('\n');
      text.append("    key: \"").append(signature.key().text()).append("\"\n");
      text.append("    signature: \"").append(signature.signature().hex()).append("\"\n");
    }
    return text.toString();
  }
}
