package dev.countersign.audit.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.audit.AuditRecord;
import dev.countersign.core.decision.Observed;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.price.CurrencyCode;
import dev.countersign.core.price.FeedName;
import dev.countersign.core.price.PriceStatement;
import dev.countersign.core.price.SignedPrice;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

/// An entry has the prices that its decision was made by, and is as it was before where there were
/// none.
class ObservedPricesTest {
  private static final SignedPrice PRICE =
      new SignedPrice(
          new PriceStatement(
              new FeedName("desk-a"),
              AssetId.parse("eip155:1/slip44:60"),
              18,
              new CurrencyCode("USD"),
              new BigDecimal("2600.5"),
              Instant.parse("2026-11-23T11:00:00Z")),
          Bytes.of(new byte[64]));

  private static AuditRecord priced(List<SignedPrice> prices) {
    return ExampleVariants.admitted(
        seen -> new Observed(seen.asset(), seen.amount(), seen.gasCost(), seen.limits(), prices),
        Optional.empty());
  }

  @Test
  void hasAllThatTheFeedSigned() throws IOException {
    byte[] entry = EntryEncoder.encode(priced(List.of(PRICE)));
    assertThat(new String(entry, StandardCharsets.UTF_8))
        .contains(
            "\"prices\":[{\"asOf\":\"2026-11-23T11:00:00Z\",\"asset\":\"eip155:1/slip44:60\","
                + "\"currency\":\"USD\",\"decimals\":\"18\",\"feed\":\"desk-a\","
                + "\"price\":\"2600.5\",\"signature\":\"0x00");
    assertThat(new JsonCanonicalizer(entry).getEncodedUTF8()).isEqualTo(entry);
    assertThat(EntryDecoder.decode(entry).type()).isEqualTo("request-admitted");
  }

  @Test
  void isAsItWasWithoutPrices() {
    assertThat(EntryEncoder.encode(priced(List.of())))
        .isEqualTo(EntryEncoder.encode(ExampleVariants.example("request-admitted-native")));
  }
}
