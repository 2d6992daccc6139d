package dev.countersign.endtoend;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.v1.ExportLogRequest;
import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.testenv.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The audit log of a deployment, as somebody sees it who does not trust the server.
record AuditLog(Deployment deployment) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// {@return the number of entries now}
  long size() throws SQLException {
    return new Rows(deployment.database()).number("SELECT coalesce(max(id), 0) FROM audit.entry");
  }

  /// {@return the entries of a type that were written after the first `before`}
  List<JsonNode> entriesSince(long before, String type) throws SQLException {
    var entries = new ArrayList<JsonNode>();
    for (String body :
        new Rows(deployment.database())
            .texts(
                "SELECT convert_from(body, 'UTF8') FROM audit.entry WHERE id > %d ORDER BY id"
                    .formatted(before))) {
      var entry = read(body);
      if (entry.path("type").asText().equals(type)) {
        entries.add(entry);
      }
    }
    return entries;
  }

  static JsonNode read(String entry) {
    try {
      return JSON.readTree(entry);
    } catch (JsonProcessingException e) {
      throw new AssertionError("an entry that is no JSON: " + entry, e);
    }
  }

  /// {@return the key that an auditor pins once, from the server itself}
  VerifierKey verifierKey() throws IOException {
    try (var auditor = deployment.connect(TestClient.AUDITOR)) {
      return VerifierKey.parse(
          auditor
              .audit()
              .getCheckpoint(GetCheckpointRequest.getDefaultInstance())
              .getVerifierKey());
    }
  }

  /// Exports the log through the API and verifies the files alone.
  VerificationResult exportAndVerify(VerifierKey pinned) throws IOException {
    try (var auditor = deployment.connect(TestClient.AUDITOR)) {
      return exportAndVerify(auditor, pinned);
    }
  }

  /// The same through another instance.
  VerificationResult exportAndVerifyThrough(int grpcPort, VerifierKey pinned) throws IOException {
    try (var auditor = deployment.connect(TestClient.AUDITOR, grpcPort)) {
      return exportAndVerify(auditor, pinned);
    }
  }

  private VerificationResult exportAndVerify(Client auditor, VerifierKey pinned)
      throws IOException {
    var directory = deployment.directory().resolve("exported-log");
    FileTrees.delete(directory);
    export(auditor, directory);
    return new LogVerifier(pinned)
        .verify(new DirectoryLogFiles(directory), List.of(), VerificationProgress.NONE);
  }

  private static void export(Client auditor, Path directory) throws IOException {
    var pieces = auditor.audit().exportLog(ExportLogRequest.getDefaultInstance());
    while (pieces.hasNext()) {
      var piece = pieces.next();
      var file = directory.resolve(piece.getPath()).normalize();
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.write(
          file,
          piece.getContent().toByteArray(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
