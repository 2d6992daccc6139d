package dev.countersign.cli.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.cli.CommandException;
import dev.countersign.core.approval.Ed25519ApproverKey;
import dev.countersign.core.approval.P256ApproverKey;
import dev.countersign.testenv.junit.WithTestEnvironment;
import dev.countersign.testenv.softhsm.SoftHsmToken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys in a real token.
@WithTestEnvironment
class TokenApprovalKeyIT {
  private static final byte[] MESSAGE = "statement\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path directory;

  @Test
  void signsWithP256(SoftHsmToken token) throws Exception {
    load(token, "approver-p256", "a1", "secp256r1");
    try (var key = open(token, "approver-p256")) {
      assertThat(key.publicKey()).isInstanceOf(P256ApproverKey.class);
      assertThat(key.publicKey().verifies(MESSAGE, key.sign(MESSAGE))).isTrue();
      assertThat(key.publicKey().verifies(new byte[1], key.sign(MESSAGE))).isFalse();
    }
  }

  @Test
  void signsWithEd25519(SoftHsmToken token) throws Exception {
    load(token, "approver-ed25519", "a2", "Ed25519");
    try (var key = open(token, "approver-ed25519")) {
      assertThat(key.publicKey()).isInstanceOf(Ed25519ApproverKey.class);
      assertThat(key.publicKey().verifies(MESSAGE, key.sign(MESSAGE))).isTrue();
    }
  }

  @Test
  void aKeyOfAnotherCurveIsRefused(SoftHsmToken token) throws Exception {
    load(token, "approver-p384", "a3", "secp384r1");
    assertThatThrownBy(() -> open(token, "approver-p384"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("expected P-256 or Ed25519");
  }

  @Test
  void whatIsMissingIsNamed(SoftHsmToken token) throws Exception {
    assertThatThrownBy(() -> open(token, "approver-nobody"))
        .hasMessage("the token has no private key with the label approver-nobody");
    assertThatThrownBy(() -> TokenApprovalKey.open(token.module(), "no-such", "a", token.pinFile()))
        .hasMessageContaining("shows no token with the label no-such");
    Path wrong = Files.writeString(directory.resolve("wrong.pin"), "not the pin\n");
    assertThatThrownBy(() -> TokenApprovalKey.open(token.module(), token.label(), "a", wrong))
        .hasMessageContaining("the PIN is wrong");
    Path noLibrary = Files.writeString(directory.resolve("lib.so"), "x");
    assertThatThrownBy(() -> TokenApprovalKey.open(noLibrary, "t", "a", wrong))
        .hasMessageContaining("is not a PKCS#11 library");
  }

  private static TokenApprovalKey open(SoftHsmToken token, String label) {
    return TokenApprovalKey.open(token.module(), token.label(), label, token.pinFile());
  }

  /// Puts a new key into the token, as an approver's own tool would.
  private void load(SoftHsmToken token, String label, String id, String curve) throws Exception {
    var generator = KeyPairGenerator.getInstance(curve.equals("Ed25519") ? curve : "EC");
    if (!curve.equals("Ed25519")) {
      generator.initialize(new ECGenParameterSpec(curve));
    }
    byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
    Path pem =
        Files.writeString(
            directory.resolve(label + ".pem"),
            "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pkcs8)
                + "\n-----END PRIVATE KEY-----\n");
    var builder =
        new ProcessBuilder(
            List.of(
                token.tool().toString(),
                "--module",
                token.module().toString(),
                "--import",
                pem.toString(),
                "--token",
                token.label(),
                "--label",
                label,
                "--id",
                id,
                "--pin",
                Files.readString(token.pinFile())));
    builder.environment().putAll(token.environment());
    Path said = directory.resolve("tool.out");
    Process tool = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(tool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(tool.exitValue()).as(Files.readString(said)).isZero();
  }
}
