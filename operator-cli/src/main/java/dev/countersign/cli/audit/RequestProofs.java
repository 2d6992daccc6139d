package dev.countersign.cli.audit;

import dev.countersign.api.v1.AuditProof;
import dev.countersign.api.v1.GetInclusionProofsRequest;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The log's entries about one request, each with its proof.
///
/// @param proofs in the log's order
public record RequestProofs(List<LogProof> proofs) {
  public RequestProofs {
    proofs = List.copyOf(proofs);
  }

  /// Asks the server for them. Entries younger than the newest checkpoint are not there yet.
  ///
  /// @param id the id that Countersign gave the request
  public static RequestProofs of(ServerConnection auditor, String id) {
    var answer =
        auditor
            .audit()
            .getInclusionProofs(GetInclusionProofsRequest.newBuilder().setId(id).build());
    return new RequestProofs(
        answer.getProofsList().stream().map(proof -> of(proof, answer.getCheckpoint())).toList());
  }

  private static LogProof of(AuditProof proof, String checkpoint) {
    var hashes =
        proof.getHashesList().stream().map(hash -> Digest32.of(hash.toByteArray())).toList();
    return new LogProof(
        Bytes.of(proof.getEntry().toByteArray()), proof.getIndex(), hashes, checkpoint);
  }

  /// Writes one file for each: `INDEX.tlog-proof`.
  ///
  /// @return the files
  public List<Path> write(Path directory) {
    var files = new ArrayList<Path>();
    try {
      Files.createDirectories(directory);
      for (LogProof proof : proofs) {
        var file = directory.resolve(proof.index() + LogProof.EXTENSION);
        Files.writeString(file, proof.format());
        files.add(file);
      }
      return files;
    } catch (IOException e) {
      throw CommandException.unavailable(
          "cannot write proofs to " + directory + ": " + e.getMessage(), e);
    }
  }
}
