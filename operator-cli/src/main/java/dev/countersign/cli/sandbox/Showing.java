package dev.countersign.cli.sandbox;

import dev.countersign.api.v1.SigningRequest;
import dev.countersign.audit.checkpoint.CheckpointKeyFile;
import dev.countersign.audit.checkpoint.SignedCheckpoint;
import dev.countersign.audit.checkpoint.VerifierKey;
import dev.countersign.audit.tiles.TilePath;
import dev.countersign.audit.verify.DirectoryLogFiles;
import dev.countersign.audit.verify.LogProof;
import dev.countersign.audit.verify.LogVerifier;
import dev.countersign.audit.verify.VerificationProgress;
import dev.countersign.audit.verify.VerificationResult;
import dev.countersign.cli.CommandException;
import dev.countersign.cli.audit.LogCopy;
import dev.countersign.cli.audit.LogWords;
import dev.countersign.cli.audit.RequestProofs;
import dev.countersign.cli.connection.ServerConnection;
import dev.countersign.cli.request.Amount;
import dev.countersign.cli.request.RequestText;
import dev.countersign.cli.terminal.Steps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;

/// Shows on a running sandbox what Countersign is for: a transfer that lands, one that does not,
/// and a log that tells both and can be verified.
record Showing(RunningSandbox sandbox, Steps steps) {
  private static final Duration PROVABLE_WITHIN = Duration.ofSeconds(30);

  /// Does all of it.
  ///
  /// @return the key that the log was verified with
  /// @throws CommandException when something does not come out as it must
  VerifierKey show() {
    var chain = sandbox.files().environment().chain().rpc();
    sandbox.treasury().fund(chain);
    showTreasury();
    var desk = sandbox.connect(SandboxClient.TRADING_DESK);
    try (desk) {
      var transfers = new Transfers(desk, chain);
      var allowed = steps.during("sending a transfer", transfers::allowed);
      showAllowed(allowed);
      var refused = steps.during("sending one that policy refuses", transfers::refused);
      showRefused(refused);
      return steps.during("verifying the audit log", () -> verify(allowed, refused));
    } catch (IOException e) {
      throw ServerFiles.cannotWrite(sandbox.files().folder().home(), e);
    }
  }

  private void showTreasury() {
    steps.done(
        "server", "gRPC on 127.0.0.1:%d, mutual TLS 1.3".formatted(sandbox.files().grpcPort()));
    steps.done("vault", sandbox.treasury().vault().getId() + " (hot)");
    sandbox
        .treasury()
        .wallets()
        .forEach(wallet -> steps.done("wallet", wallet.getId() + " " + wallet.getAddress()));
  }

  private void showAllowed(SigningRequest request) {
    steps.done("allowed", transfer(request) + " (the exchange)");
    steps.more("by rule %s; signed in the token".formatted(request.getDecision().getRule()));
    steps.more(
        "CONFIRMED in block %d: %s"
            .formatted(request.getInclusion().getBlockNumber(), request.getTransactionHash()));
  }

  private void showRefused(SigningRequest request) {
    var decision = request.getDecision();
    steps.done("refused", transfer(request) + " (nobody we know)");
    steps.more("DENIED by %s: %s".formatted(decision.getRule(), decision.getReason()));
    decision.getOutcomesList().stream()
        .filter(outcome -> !outcome.getMatched())
        .forEach(outcome -> steps.more(RequestText.unmet(outcome)));
  }

  private static String transfer(SigningRequest request) {
    return Amount.inEther(request.getNativeTransfer().getAmount())
        + " ether from "
        + request.getWallet()
        + " to "
        + request.getNativeTransfer().getTo();
  }

  private VerifierKey verify(SigningRequest allowed, SigningRequest refused) throws IOException {
    var folder = sandbox.files().folder();
    // Pinned from the key's own file, not from what the server says of itself.
    var key =
        CheckpointKeyFile.openOrCreate(
                folder.checkpointKey(), ServerFiles.ORIGIN, new SecureRandom())
            .verifierKey();
    Files.writeString(folder.verifierKey(), key + "\n");
    var before = lastCheckpoint(key);
    try (var auditor = sandbox.connect(SandboxClient.AUDITOR)) {
      int proofs =
          proven(auditor, allowed.getId(), "\"type\":\"transaction-confirmed\"", key)
              + proven(auditor, refused.getId(), "\"type\":\"request-denied\"", key);
      new LogCopy(folder.auditLog()).take(auditor);
      var result =
          new LogVerifier(key)
              .verify(new DirectoryLogFiles(folder.auditLog()), before, VerificationProgress.NONE);
      switch (result) {
        case VerificationResult.Verified verified -> {
          steps.done(
              "log verified", LogWords.verified(verified).substring("log verified: ".length()));
          steps.more(proofs + " proofs of both requests checked, offline, with the pinned key");
        }
        case VerificationResult.VerifiedInPart part ->
            throw new IllegalStateException("a copy has all of its entries: " + part);
        case VerificationResult.Broken broken ->
            throw CommandException.no(
                "the audit log does not verify: " + broken.findings().getFirst().message());
      }
    }
    return key;
  }

  /// The checkpoint of the copy that is there already: the log may only have grown since.
  private List<SignedCheckpoint> lastCheckpoint(VerifierKey key) throws IOException {
    var file = sandbox.files().folder().auditLog().resolve(TilePath.CHECKPOINT);
    return Files.exists(file)
        ? List.of(SignedCheckpoint.open(Files.readAllBytes(file), key))
        : List.of();
  }

  /// Waits until the log proves the last entry about a request, and checks all proofs about it.
  private static int proven(
      ServerConnection auditor, String request, String lastEntry, VerifierKey key) {
    long deadline = System.nanoTime() + PROVABLE_WITHIN.toNanos();
    while (true) {
      var proofs = RequestProofs.of(auditor, request).proofs();
      if (proofs.stream().anyMatch(proof -> text(proof).contains(lastEntry))) {
        proofs.forEach(proof -> check(proof, key));
        return proofs.size();
      }
      if (System.nanoTime() > deadline) {
        throw CommandException.unavailable(
            "the log does not prove "
                + lastEntry
                + " of request "
                + request
                + " after "
                + PROVABLE_WITHIN.toSeconds()
                + " s; it has "
                + proofs.stream().map(Showing::text).toList());
      }
      pause();
    }
  }

  private static String text(LogProof proof) {
    return new String(proof.entry().toArray(), StandardCharsets.UTF_8);
  }

  private static void check(LogProof proof, VerifierKey key) {
    if (proof.check(key) instanceof LogProof.Verdict.NotProven(String reason)) {
      throw CommandException.no("entry " + proof.index() + " is not proven: " + reason);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.unavailable("interrupted", e);
    }
  }
}
