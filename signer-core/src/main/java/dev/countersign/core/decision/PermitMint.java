package dev.countersign.core.decision;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.Digest32;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// Seals permits under a key that never leaves this object, so that no other code of the process
/// can make one. A permit dies with its process: after a restart the policy engine issues it anew
/// from the decision it stored.
public final class PermitMint {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_SIZE = 32;

  private final SecretKey key;

  public PermitMint(SecureRandom random) {
    byte[] bytes = new byte[KEY_SIZE];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /// For the policy engine alone; an architecture test keeps it so.
  public Permit issue(PermitTerms terms) {
    return new Permit(terms, seal(terms));
  }

  /// The other half, for key backends: it can tell, and cannot make.
  public PermitInspector inspector() {
    return permit -> MessageDigest.isEqual(permit.seal().toArray(), seal(permit.terms()).toArray());
  }

  private Bytes seal(PermitTerms terms) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return Bytes.of(mac.doFinal(canonical(terms)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA256 is part of every JDK", e);
    }
  }

  /// Every field behind its length, so that no two terms share their bytes.
  private static byte[] canonical(PermitTerms terms) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(terms.request().value().getMostSignificantBits());
      out.writeLong(terms.request().value().getLeastSignificantBits());
      write(out, terms.backend().value().getBytes(StandardCharsets.US_ASCII));
      write(out, terms.key().value().getBytes(StandardCharsets.US_ASCII));
      write(out, terms.payload().toArray());
      out.writeLong(terms.policy().number());
      write(out, terms.policy().hash().bytes().toArray());
      out.writeInt(terms.approvals().size());
      for (Digest32 approval : terms.approvals()) {
        write(out, approval.bytes().toArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, byte[] field) throws IOException {
    out.writeInt(field.length);
    out.write(field);
  }
}
