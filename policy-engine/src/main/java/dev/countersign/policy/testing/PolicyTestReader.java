package dev.countersign.policy.testing;

import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.document.PolicyDocumentReader;
import dev.countersign.policy.testing.PolicyTestFile.Reading;
import dev.countersign.policy.yaml.Fields;
import dev.countersign.policy.yaml.Problems;
import dev.countersign.policy.yaml.YamlNode;
import dev.countersign.policy.yaml.YamlNode.Scalar;
import dev.countersign.policy.yaml.YamlNode.Sequence;
import dev.countersign.policy.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// Reads a test file and the policy it names, as strictly as a policy is read: a misspelt key is a
/// problem, never a case that tests nothing.
public final class PolicyTestReader {
  public static final String FORMAT = "countersign/policy-test/v1";
  private static final List<String> KEYS =
      List.of(
          "format",
          "description",
          "policy",
          AccountNames.WALLETS,
          AccountNames.ADDRESSES,
          "defaults",
          "cases");

  private final Path file;
  private final Optional<PolicyDocument> instead;
  private final BiFunction<CaseReader, Fields, Optional<PolicyCase>> reading;
  private final Problems problems = new Problems();

  private PolicyTestReader(
      Path file,
      Optional<PolicyDocument> instead,
      BiFunction<CaseReader, Fields, Optional<PolicyCase>> reading) {
    this.file = file;
    this.instead = instead;
    this.reading = reading;
  }

  /// @throws IOException when `file` itself cannot be read
  public static Reading read(Path file) throws IOException {
    return new PolicyTestReader(file, Optional.empty(), CaseReader::read)
        .document(Files.readAllBytes(file));
  }

  /// The requests of the file's cases, for whoever wants to know what a policy says of them: what
  /// is expected of them is not read, and may be missing.
  ///
  /// @param instead what to judge them by; nothing for the policy that the file names
  /// @throws IOException when `file` itself cannot be read
  public static Reading readRequests(Path file, Optional<PolicyDocument> instead)
      throws IOException {
    return new PolicyTestReader(file, instead, CaseReader::readRequest)
        .document(Files.readAllBytes(file));
  }

  private Reading document(byte[] bytes) {
    Optional<Fields> root =
        YamlReader.read(bytes, problems).flatMap(node -> Fields.of(node, "", problems));
    if (root.isEmpty()) {
      return new Reading.Invalid(file, problems.all());
    }
    Fields fields = root.get();
    fields.refuseOthersThan(KEYS);
    fields
        .requireText("format", FORMAT)
        .filter(format -> !format.text().equals(FORMAT))
        .ifPresent(
            format ->
                problems.add(
                    format.at(), "format", "expected " + FORMAT + ", got " + format.kind()));
    fields.find("description").ifPresent(text -> fields.text(text, "description", "text"));
    if (instead.isPresent()) {
      List<PolicyCase> cases = cases(fields, instead.get());
      return problems.isEmpty()
          ? new Reading.Valid(new PolicyTestFile(file, instead.get(), cases))
          : new Reading.Invalid(file, problems.all());
    }
    Optional<Scalar> name = fields.requireText("policy", "the policy's file, relative to this one");
    Optional<Path> policyFile = name.flatMap(this::beside);
    Optional<byte[]> policyBytes = policyFile.flatMap(path -> bytes(path, name.orElseThrow()));
    if (policyBytes.isEmpty()) {
      return new Reading.Invalid(file, problems.all());
    }
    return switch (PolicyDocumentReader.read(policyBytes.get())) {
      case PolicyDocument.Reading.Invalid invalid ->
          new Reading.Invalid(policyFile.orElseThrow(), invalid.problems());
      case PolicyDocument.Reading.Valid valid -> {
        List<PolicyCase> cases = cases(fields, valid.document());
        yield problems.isEmpty()
            ? new Reading.Valid(
                new PolicyTestFile(policyFile.orElseThrow(), valid.document(), cases))
            : new Reading.Invalid(file, problems.all());
      }
    };
  }

  private Optional<Path> beside(Scalar name) {
    try {
      return Optional.of(file.resolveSibling(name.text()));
    } catch (InvalidPathException e) {
      problems.add(name.at(), "policy", "expected the path of a file, got " + name.kind());
      return Optional.empty();
    }
  }

  private Optional<byte[]> bytes(Path policy, Scalar name) {
    try {
      return Optional.of(Files.readAllBytes(policy));
    } catch (IOException e) {
      problems.add(
          name.at(), "policy", "the file %s beside this one cannot be read".formatted(name.kind()));
      return Optional.empty();
    }
  }

  private List<PolicyCase> cases(Fields fields, PolicyDocument policy) {
    AccountNames names = AccountNames.read(fields);
    Optional<Fields> defaults =
        fields.find("defaults").flatMap(node -> Fields.of(node, "defaults", problems));
    defaults.ifPresent(shared -> shared.refuseOthersThan(CaseReader.SHARED));
    Optional<YamlNode> value = fields.require("cases", "a list of cases");
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof Sequence sequence) || sequence.items().isEmpty()) {
      problems.add(
          value.get().at(), "cases", "expected a list of cases, got " + value.get().kind());
      return List.of();
    }
    CaseReader reader = new CaseReader(policy, names, defaults);
    List<PolicyCase> cases = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      YamlNode node = sequence.items().get(i);
      String path = "cases[" + i + "]";
      Fields.of(node, path, problems)
          .flatMap(own -> reading.apply(reader, own))
          .ifPresent(
              example -> {
                if (!seen.add(example.name())) {
                  problems.add(node.at(), path, "a second case named \"" + example.name() + "\"");
                }
                cases.add(example);
              });
    }
    return cases;
  }
}
