package dev.countersign.policy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;

class AmountTextPropertyTest {

  @Property
  void readsBackWhatItShows(
      @ForAll @BigRange(min = "0", max = "1000000000000000000000000000") BigInteger wei) {
    String ether = new BigDecimal(wei, 18).toPlainString();
    assertThat(AmountText.parseNative(ether + " ether")).isEqualTo(wei);
    assertThat(AmountText.parseNative(wei.toString())).isEqualTo(wei);
    assertThat(AmountText.show(wei, true)).startsWith(wei + " wei");
  }
}
