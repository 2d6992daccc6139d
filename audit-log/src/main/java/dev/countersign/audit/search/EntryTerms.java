package dev.countersign.audit.search;

import dev.countersign.audit.entry.LogEntry;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.core.model.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// The texts that an entry is found by.
final class EntryTerms {
  private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{40}");
  private static final String WALLET_SUBJECT = "wallet:";

  private EntryTerms() {}

  static String type(String name) {
    return "type:" + name;
  }

  static String actor(String name) {
    return "actor:" + name;
  }

  static String wallet(String id) {
    return WALLET_SUBJECT + id;
  }

  static String address(Address address) {
    return "address:" + address.hex();
  }

  /// What is said in the entry itself.
  static Set<String> of(LogEntry entry) {
    Set<String> terms = inherited(entry);
    terms.add(type(entry.type()));
    terms.add(actor(entry.actorName()));
    return terms;
  }

  /// What later entries about the same request are found by, too: which wallet it is of, and which
  /// addresses it names.
  static Set<String> inherited(LogEntry entry) {
    Set<String> terms = new HashSet<>();
    if (entry.subject().startsWith(WALLET_SUBJECT)) {
      terms.add(entry.subject());
    }
    entry
        .details()
        .forEach(
            (field, value) -> {
              if (ADDRESS.matcher(value).matches()) {
                terms.add("address:" + value);
              } else if (field.equals("publicKey")) {
                addOwner(value, terms);
              }
            });
    return terms;
  }

  private static void addOwner(String publicKey, Set<String> terms) {
    try {
      terms.add(address(new PublicKey(Bytes.fromHex(publicKey)).address()));
    } catch (InvalidValueException e) {
      // not of our encoder: verification is what tells, not search
    }
  }

  /// As it is stored.
  static long hash(String term) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(term.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
