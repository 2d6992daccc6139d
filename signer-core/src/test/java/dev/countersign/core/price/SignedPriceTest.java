package dev.countersign.core.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.approval.Ed25519ApproverKey;
import dev.countersign.core.model.AssetId;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.InvalidValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedPriceTest {
  private static final byte[] SECRET = new byte[Ed25519.SECRET_KEY_SIZE];
  private static final AssetId USDC =
      AssetId.parse("eip155:1/erc20:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48");
  private static final PriceStatement STATEMENT = statement("0.9998");

  private static PriceStatement statement(String price) {
    return new PriceStatement(
        new FeedName("desk-a"),
        USDC,
        6,
        new CurrencyCode("USD"),
        new BigDecimal(price),
        Instant.parse("2026-11-23T11:00:00Z"));
  }

  private static Ed25519ApproverKey key() {
    byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
    Ed25519.generatePublicKey(SECRET, 0, point, 0);
    return new Ed25519ApproverKey(Bytes.of(point));
  }

  private static SignedPrice signed(PriceStatement statement) {
    byte[] message = statement.canonical().toArray();
    byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
    Ed25519.sign(SECRET, 0, message, 0, message.length, signature, 0);
    return new SignedPrice(statement, Bytes.of(signature));
  }

  @Test
  void whatIsSignedHasOneForm() {
    assertThat(STATEMENT.text())
        .isEqualTo(
            """
            countersign/price/v1
            feed desk-a
            asset eip155:1/erc20:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48
            decimals 6
            currency USD
            price 0.9998
            as-of 2026-11-23T11:00:00Z
            """);
    assertThat(statement("0.99980")).isEqualTo(STATEMENT);
    assertThat(statement("1E+3").priceText()).isEqualTo("1000");
  }

  @Test
  void readsBackWhatItGivesAndVerifiesIt() {
    SignedPrice price = signed(STATEMENT);
    assertThat(SignedPrice.parse(price.bytes())).isEqualTo(price);
    assertThat(price.isSignedBy(key())).isTrue();
    assertThat(new SignedPrice(statement("0.9999"), price.signature()).isSignedBy(key())).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "price 0.9998|price 0.99980",
        "price 0.9998|price 0",
        "price 0.9998|price 0.0",
        "price 0.9998|price -1",
        "price 0.9998|price 1e3",
        "price 0.9998|price 1000000000000000000",
        "price 0.9998|price 0.0000000000000000001",
        "price 0.9998|price 01",
        "price 0.9998|price  1",
        "decimals 6|decimals 06",
        "decimals 6|decimals 37",
        "decimals 6|decimals -1",
        "currency USD|currency usd",
        "currency USD|currency US",
        "currency USD|currency DOLLAR",
        "feed desk-a|feed Desk",
        "as-of 2026-11-23T11:00:00Z|as-of 2026-11-23T11:00:00.5Z",
        "as-of 2026-11-23T11:00:00Z|as-of 2026-11-23T12:00:00+01:00",
        "as-of 2026-11-23T11:00:00Z|as-of yesterday",
        "asset eip155:1/erc20|asset eip155:1/slip44:60x",
        "countersign/price/v1|countersign/price/v2",
        "signature 0x|signature "
      })
  void refusesEveryOtherForm(String what, String instead) {
    String text = new String(signed(STATEMENT).bytes().toArray(), StandardCharsets.US_ASCII);
    assertThat(text).contains(what);
    byte[] other = text.replace(what, instead).getBytes(StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> SignedPrice.parse(Bytes.of(other)))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\n\n\n\n\n\n\n\n", "countersign/price/v1\n"})
  void refusesWhatIsNoPriceAtAll(String text) {
    Bytes bytes = Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> SignedPrice.parse(bytes)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void aNativeAssetHasEighteenDecimals() {
    AssetId ether = AssetId.nativeOf(ChainId.ofEip155(1));
    assertThatThrownBy(
            () ->
                new PriceStatement(
                    STATEMENT.feed(),
                    ether,
                    6,
                    STATEMENT.currency(),
                    BigDecimal.ONE,
                    STATEMENT.asOf()))
        .hasMessageContaining("18, which every native asset has");
  }

  @Test
  void isWorthExactlyWhatItSays() {
    assertThat(STATEMENT.worth(BigInteger.valueOf(1))).isEqualByComparingTo("0.0000009998");
    assertThat(STATEMENT.worth(BigInteger.TEN.pow(77)))
        .isEqualByComparingTo(new BigDecimal("0.9998E71"));
  }
}
