package dev.countersign.server.grpc;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.AuditProof;
import dev.countersign.api.v1.AuditServiceGrpc;
import dev.countersign.api.v1.ExportLogRequest;
import dev.countersign.api.v1.ExportLogResponse;
import dev.countersign.api.v1.GetCheckpointRequest;
import dev.countersign.api.v1.GetCheckpointResponse;
import dev.countersign.api.v1.GetInclusionProofsRequest;
import dev.countersign.api.v1.GetInclusionProofsResponse;
import dev.countersign.api.v1.SearchEntriesRequest;
import dev.countersign.api.v1.SearchEntriesResponse;
import dev.countersign.api.v1.StreamEntriesRequest;
import dev.countersign.api.v1.StreamEntriesResponse;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.search.EntrySearch;
import dev.countersign.audit.store.Integrator;
import dev.countersign.audit.store.LogExport;
import dev.countersign.audit.store.PostgresAuditReader;
import dev.countersign.audit.store.Witnessing;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.core.request.Refusal.Code;
import dev.countersign.core.request.SigningRequestId;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// `countersign.v1.AuditService`.
public final class AuditGrpc extends AuditServiceGrpc.AuditServiceImplBase {
  private static final int PIECE = 64 * 1024;
  private static final FieldReader FIELDS = new FieldReader("");

  private final PostgresAuditReader reader;
  private final LogExport export;
  private final Integrator integrator;
  private final Witnessing witnessing;
  private final VerifierKey key;
  private final EntryReading entries;

  public AuditGrpc(
      PostgresAuditReader reader,
      LogExport export,
      EntrySearch search,
      Integrator integrator,
      Witnessing witnessing,
      VerifierKey key) {
    this.reader = reader;
    this.export = export;
    this.integrator = integrator;
    this.witnessing = witnessing;
    this.key = key;
    this.entries = new EntryReading(search);
  }

  @Override
  public void getCheckpoint(
      GetCheckpointRequest request, StreamObserver<GetCheckpointResponse> answer) {
    String note = latest();
    SignedCheckpoint signed = SignedCheckpoint.open(note.getBytes(StandardCharsets.UTF_8), key);
    answer.onNext(
        GetCheckpointResponse.newBuilder()
            .setNote(note)
            .setOrigin(signed.checkpoint().origin())
            .setSize(signed.checkpoint().treeSize())
            .setRootHash(RequestMessages.bytes(signed.checkpoint().root().bytes()))
            .setVerifierKey(key.toString())
            .build());
    answer.onCompleted();
  }

  @Override
  public void getInclusionProofs(
      GetInclusionProofsRequest request, StreamObserver<GetInclusionProofsResponse> answer) {
    SigningRequestId id =
        FIELDS.read("id", Code.MALFORMED, request.getId(), SigningRequestId::parse);
    waitForIntegration();
    List<LogProof> proofs = reader.prove(id);
    if (proofs.isEmpty()) {
      throw FIELDS.refused("id", Code.NOT_FOUND, "the log has no entry about request " + id);
    }
    answer.onNext(
        GetInclusionProofsResponse.newBuilder()
            .addAllProofs(proofs.stream().map(AuditGrpc::message).toList())
            .setCheckpoint(proofs.getFirst().checkpoint())
            .build());
    answer.onCompleted();
  }

  @Override
  public void searchEntries(
      SearchEntriesRequest request, StreamObserver<SearchEntriesResponse> answer) {
    if (request.getPageToken().isEmpty()) {
      waitForIntegration();
    }
    answer.onNext(entries.page(request));
    answer.onCompleted();
  }

  @Override
  public void streamEntries(
      StreamEntriesRequest request, StreamObserver<StreamEntriesResponse> answer) {
    waitForIntegration();
    entries.stream(request, (ServerCallStreamObserver<StreamEntriesResponse>) answer);
    if (!Context.current().isCancelled()) {
      answer.onCompleted();
    }
  }

  @Override
  public void exportLog(ExportLogRequest request, StreamObserver<ExportLogResponse> answer) {
    waitForIntegration();
    latest();
    try {
      Path directory = Files.createTempDirectory("countersign-export");
      try {
        export.export(directory, (_, _) -> {});
        try (Stream<Path> files = Files.walk(directory)) {
          for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
            send(directory, file, answer);
          }
        }
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write an export of the log", e);
    }
    answer.onCompleted();
  }

  private String latest() {
    return reader
        .latestCheckpoint()
        .orElseThrow(
            () ->
                FIELDS.refused(
                    "",
                    Code.UNAVAILABLE,
                    "the log has no checkpoint yet, or not enough witnesses have cosigned one;"
                        + " try again, and see /health/readiness"));
  }

  private void waitForIntegration() {
    RequestProofs.await(integrator, witnessing);
  }

  private static AuditProof message(LogProof proof) {
    return AuditProof.newBuilder()
        .setIndex(proof.index())
        .setEntry(RequestMessages.bytes(proof.entry()))
        .addAllHashes(
            proof.path().stream().map(hash -> RequestMessages.bytes(hash.bytes())).toList())
        .build();
  }

  private static void send(Path directory, Path file, StreamObserver<ExportLogResponse> answer)
      throws IOException {
    String path = directory.relativize(file).toString().replace('\\', '/');
    try (InputStream content = Files.newInputStream(file)) {
      byte[] piece = content.readNBytes(PIECE);
      do {
        if (Context.current().isCancelled()) {
          return;
        }
        answer.onNext(
            ExportLogResponse.newBuilder()
                .setPath(path)
                .setContent(ByteString.copyFrom(piece))
                .build());
        piece = content.readNBytes(PIECE);
      } while (piece.length > 0);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
