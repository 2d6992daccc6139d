package dev.countersign.policy.document;

import static dev.countersign.policy.sample.PriceSamples.FEED_A;
import static dev.countersign.policy.sample.PriceSamples.FEED_B;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.price.FeedName;
import dev.countersign.policy.price.PriceTerms;
import dev.countersign.policy.sample.PriceSamples;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PricesReaderTest {
  private static final String HEAD = "format: countersign/policy/v1\nrules: []\n";
  private static final String SECTION = PriceSamples.section(2);

  private static String wrong(String old, String now) {
    assertThat(SECTION).contains(old);
    return problems(HEAD + SECTION.replace(old, now));
  }

  @Test
  void readsFeedsAgeAndQuorum() {
    PriceTerms terms = policy(HEAD + SECTION).prices().orElseThrow();
    assertThat(terms.maximumAge()).isEqualTo(Duration.ofMinutes(5));
    assertThat(terms.quorum()).isEqualTo(2);
    assertThat(terms.feeds())
        .containsEntry(new FeedName("feed-a"), FEED_A.key())
        .containsEntry(new FeedName("feed-b"), FEED_B.key())
        .hasSize(2);
    assertThat(policy(HEAD + SECTION.replace("  quorum: 2\n", "")).prices().orElseThrow().quorum())
        .isEqualTo(1);
    assertThat(policy(HEAD).prices()).isEmpty();
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(wrong("quorum: 2", "quorum: 3"))
        .contains("prices.quorum: expected a whole number from 1 to the number of feeds, 2");
    assertThat(wrong("quorum: 2", "quorum: 0")).contains("prices.quorum");
    assertThat(wrong("quorum: 2", "quorums: 2"))
        .contains("unknown key \"quorums\"")
        .contains("did you mean quorum?");
    assertThat(wrong("PT5M", "5m"))
        .contains("prices.maximumAge: expected an ISO-8601 duration of whole seconds")
        .contains("got \"5m\"");
    assertThat(wrong("PT5M", "P8D")).contains("from PT1S to P7D");
    assertThat(wrong("name: feed-b", "name: feed-a"))
        .contains("prices.feeds[1]: a second feed named feed-a");
    assertThat(wrong(FEED_B.key().text(), FEED_A.key().text()))
        .contains("prices.feeds[1].key: the key is that of feed-a already");
    assertThat(wrong(FEED_B.key().text(), "ed25519:AAAA"))
        .contains("prices.feeds[1].key: expected");
    assertThat(wrong("name: feed-b", "name: Feed")).contains("prices.feeds[1].name");
    assertThat(problems(HEAD + "prices: {maximumAge: PT5M, feeds: {}}"))
        .contains("prices.feeds: expected a list of 1 to 32 feeds, each with name and key");
  }
}
