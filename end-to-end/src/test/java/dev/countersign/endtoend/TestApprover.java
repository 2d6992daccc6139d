package dev.countersign.endtoend;

import com.google.protobuf.ByteString;
import dev.countersign.api.v1.ApprovalServiceGrpc;
import dev.countersign.api.v1.ApproveRequest;
import dev.countersign.api.v1.FrozenScope;
import dev.countersign.api.v1.GetApprovalRequest;
import dev.countersign.api.v1.PendingApproval;
import dev.countersign.api.v1.RejectRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Somebody who approves, with an Ed25519 key and nothing but the JDK and the protos.
///
/// @param name in the policy
record TestApprover(String name, KeyPair keys) {
  private static final int KEY_SIZE = 32;
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  static TestApprover named(String name) throws GeneralSecurityException {
    return new TestApprover(name, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
  }

  /// As policies write it.
  String publicKey() {
    byte[] spki = keys.getPublic().getEncoded();
    byte[] raw = Arrays.copyOfRange(spki, spki.length - KEY_SIZE, spki.length);
    return "ed25519:" + Base64.getEncoder().encodeToString(raw);
  }

  byte[] sign(String statement, String decision) throws GeneralSecurityException {
    return sign(statement + "decision " + decision + "\n");
  }

  private byte[] sign(String text) throws GeneralSecurityException {
    var signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(text.getBytes(StandardCharsets.UTF_8));
    return signature.sign();
  }

  /// That a freeze is to be lifted, as `countersign thaw sign` writes it.
  ByteString thaw(FrozenScope freeze, Instant expires) throws GeneralSecurityException {
    var time =
        Instant.ofEpochSecond(
            freeze.getFreezeTime().getSeconds(), freeze.getFreezeTime().getNanos());
    byte[] signature =
        sign(
            """
            countersign/thaw/v1
            freeze: %s
            scope: %s
            frozen-at: %s
            expires: %s
            reason: %s
            """
                .formatted(
                    freeze.getId(),
                    freeze.getScope(),
                    MICROS.format(time),
                    MICROS.format(expires),
                    freeze.getReason()));
    return ByteString.copyFromUtf8(
        """
        countersign/thaw-approval/v1
        approver %s
        key %s
        signature 0x%s
        """
            .formatted(name, publicKey(), HexFormat.of().formatHex(signature)));
  }

  /// What an ether is worth, signed as a price feed of this name.
  ByteString price(String asset, String usd, Instant asOf) throws GeneralSecurityException {
    var statement =
        """
        countersign/price/v1
        feed %s
        asset %s
        decimals 18
        currency USD
        price %s
        as-of %s
        """
            .formatted(name, asset, usd, asOf.truncatedTo(ChronoUnit.SECONDS));
    return ByteString.copyFromUtf8(
        statement + "signature 0x" + HexFormat.of().formatHex(sign(statement)) + "\n");
  }

  /// Approves the statement that is given, whatever it is about.
  PendingApproval approve(Client client, String request, String statement)
      throws GeneralSecurityException {
    return stub(client)
        .approve(
            ApproveRequest.newBuilder()
                .setRequest(request)
                .setApprover(name)
                .setKey(publicKey())
                .setSignature(ByteString.copyFrom(sign(statement, "approve")))
                .build())
        .getApproval();
  }

  PendingApproval approve(Client client, String request) throws GeneralSecurityException {
    return approve(client, request, get(client, request).getStatement());
  }

  PendingApproval reject(Client client, String request) throws GeneralSecurityException {
    return stub(client)
        .reject(
            RejectRequest.newBuilder()
                .setRequest(request)
                .setApprover(name)
                .setKey(publicKey())
                .setSignature(
                    ByteString.copyFrom(sign(get(client, request).getStatement(), "reject")))
                .setReason("not today")
                .build())
        .getApproval();
  }

  static PendingApproval get(Client client, String request) {
    return stub(client)
        .getApproval(GetApprovalRequest.newBuilder().setRequest(request).build())
        .getApproval();
  }

  static ApprovalServiceGrpc.ApprovalServiceBlockingStub stub(Client client) {
    return ApprovalServiceGrpc.newBlockingStub(client.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }
}
