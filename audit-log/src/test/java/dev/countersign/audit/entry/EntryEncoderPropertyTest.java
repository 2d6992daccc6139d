package dev.countersign.audit.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.audit.Actor;
import dev.countersign.core.audit.AuditEvent;
import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.decision.RuleOutcome.UnmetCriterion;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.model.Wei;
import dev.countersign.core.request.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class EntryEncoderPropertyTest {
  private static final Instant AT = Instant.parse("2026-11-22T18:41:00Z");

  /// Whatever anybody sends ends up in an entry that fits, and that reads back.
  @Property(tries = 60)
  void anyTextsMakeAnEntryThatFitsAndReadsBack(
      @ForAll("texts") String name,
      @ForAll("texts") String authentication,
      @ForAll("texts") String method,
      @ForAll("texts") String requestId,
      @ForAll("texts") String message) {
    AuditRecord record =
        AuditRecord.of(
            AT,
            new Actor(Actor.Kind.CLIENT, name, authentication),
            new AuditEvent.RequestRefused(
                method, requestId, new Refusal(Refusal.Code.MALFORMED, message, message)));
    byte[] bytes = EntryEncoder.encode(record);
    assertThat(bytes.length).isBetween(1, 65_535);
    assertThat(EntryEncoder.encode(record)).isEqualTo(bytes);
    assertThat(EntryDecoder.decode(bytes).type()).isEqualTo("request-refused");
  }

  @Property(tries = 20)
  void anyDenialFits(
      @ForAll("texts") String text,
      @ForAll @IntRange(max = 400) int rules,
      @ForAll @IntRange(min = 4, max = 65_536) int dataSize) {
    RuleOutcome outcome =
        new RuleOutcome(text, text, Optional.of(new UnmetCriterion(text, text, text)));
    AuditRecord record =
        AuditRecord.of(
            AT,
            new Actor(Actor.Kind.CLIENT, text, text),
            new AuditEvent.RequestDenied(
                new WalletId("hot-1"),
                new ChainId("eip155:1"),
                new Intent.ContractCall(
                    new Address("0x" + "00".repeat(20)), Wei.ZERO, Bytes.of(new byte[dataSize])),
                new PolicyVersion(1, Digest32.of(new byte[32])),
                text,
                text,
                Collections.nCopies(rules, outcome)));
    byte[] bytes = EntryEncoder.encode(record);
    assertThat(bytes.length).isBetween(1, 65_535);
    assertThat(EntryDecoder.decode(bytes).type()).isEqualTo("request-denied");
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<Integer> length =
        Arbitraries.of(0, 1, 255, 256, 257, 300, 1023, 1024, 1025, 1026, 5000);
    Arbitrary<String> parts =
        Arbitraries.of("a", "\u0000", "\"", "é", "\u20ac", "\ud83d\ude02", "\ud800", "\udc00x");
    return length.flatMap(n -> parts.list().ofSize(4).map(p -> repeat(String.join("", p), n)));
  }

  private static String repeat(String part, int length) {
    return part.repeat(length / part.length() + 1).substring(0, length);
  }

  @Example
  void aTextIsCutAtAWholeCharacterAndNamedByItsHash() {
    // One byte and then three for each sign: 256 bytes would end inside of a sign.
    Json cut = Cut.text("a" + "\u20ac".repeat(342));
    assertThat(cut.canonical())
        .isEqualTo(
            "{\"bytes\":1027,\"cut\":\"a"
                + "\u20ac".repeat(85)
                + "\",\"sha256\":\""
                + sha256("a" + "\u20ac".repeat(342))
                + "\"}");
    assertThat(Cut.text("a".repeat(1024))).isEqualTo(new Json.Text("a".repeat(1024)));
  }

  private static String sha256(String text) {
    try {
      return Digest32.of(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)))
          .hex();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
