package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.call;
import static dev.countersign.policy.sample.Samples.judged;
import static dev.countersign.policy.sample.Samples.pay;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import com.esaulpaugh.headlong.abi.Address;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import dev.countersign.core.model.Bytes;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class ArgumentsCriterionTest {
  private static final String ORDER = "order(address,(uint256,int64,bool)[],bytes4,string)";
  private static final Function ORDERING = Function.parse(ORDER);

  @Test
  void looksAtAddresses() {
    assertThat(holds("{at: 0, in: ['%s']}".formatted(ALICE), order(ALICE, 5, 1, true))).isTrue();
    assertThat(holds("{at: 0, in: ['%s']}".formatted(ALICE), order(BOB, 5, 1, true))).isFalse();
    var own = subject("desk", "hot-1").account();
    assertThat(holds("{at: 0, in: [own-account]}", order(own, 5, 1, true))).isTrue();
    assertThat(holds("{at: 0, in: [own-account]}", order(ALICE, 5, 1, true))).isFalse();
  }

  @Test
  void looksAtEachElementAndItsMembers() {
    String most = "{at: '1.*.0', maximum: 5}";
    assertThat(holds(most, order(ALICE, 5, 1, true))).isTrue();
    assertThat(holds(most, order(ALICE, 6, 1, true))).isFalse();
    assertThat(holds("{at: 1.0.0, minimum: 6}", order(ALICE, 5, 1, true))).isFalse();
    assertThat(holds("{at: 1.1.0, maximum: 6}", order(ALICE, 5, 1, true))).isFalse();
    assertThat(holds("{at: '1.*.1', minimum: -3, maximum: -1}", order(ALICE, 5, -2, true)))
        .isTrue();
    assertThat(holds("{at: '1.*.1', minimum: -3, maximum: -1}", order(ALICE, 5, 0, true)))
        .isFalse();
    assertThat(holds("{at: '1.*.2', in: [true]}", order(ALICE, 5, 1, false))).isFalse();
  }

  @Test
  void looksAtBytesAndText() {
    assertThat(holds("{at: 2, in: ['0x01020304']}", order(ALICE, 5, 1, true))).isTrue();
    assertThat(holds("{at: 2, in: ['0x01020305']}", order(ALICE, 5, 1, true))).isFalse();
    assertThat(holds("{at: 3, in: [buy]}", order(ALICE, 5, 1, true))).isTrue();
    assertThat(holds("{at: 3, in: [Buy]}", order(ALICE, 5, 1, true))).isFalse();
  }

  @Test
  void amountsAreExact() {
    assertThat(of("{at: 1.0.0, maximum: 1.5 ether}").expected())
        .isEqualTo("1.0.0 at most 1500000000000000000");
  }

  @Test
  void whatIsNotTheOneEncodingAllowsNothingAndRestricts() {
    String data = order(ALICE, 5, 1, true) + "00";
    assertThat(holds("{at: 0, in: ['%s']}".formatted(ALICE), data)).isFalse();
    Criterion restricting =
        new ArgumentsCriterion(
            ((ArgumentsCriterion) of("{at: 0, in: ['%s']}".formatted(BOB))).function(),
            ((ArgumentsCriterion) of("{at: 0, in: ['%s']}".formatted(BOB))).tests(),
            true);
    assertThat(restricting.holds(judged(call(USDC, data)))).isTrue();
    assertThat(restricting.holds(judged(call(USDC, order(ALICE, 5, 1, true))))).isFalse();
    assertThat(restricting.observed(judged(call(USDC, data))))
        .isEqualTo("bytes that are not the one encoding of its arguments");
  }

  @Test
  void saysWhichArgumentIsAnother() {
    Criterion criterion = of("{at: 0, in: ['%s']}".formatted(BOB.checksummed()));
    assertThat(criterion.expected()).isEqualTo("0 " + BOB.checksummed());
    assertThat(criterion.observed(judged(call(USDC, order(ALICE, 5, 1, true)))))
        .isEqualTo("0 is " + ALICE.checksummed());
  }

  @Test
  void theFunctionIsFoundByItsSelector() {
    Criterion function =
        CriterionSample.of("function", "operations: [contract-call]", "function: " + ORDER);
    assertThat(function.holds(judged(call(USDC, order(ALICE, 5, 1, true))))).isTrue();
    assertThat(function.holds(judged(call(USDC, "0x12345678")))).isFalse();
    assertThat(function.observed(judged(pay(ALICE, BigInteger.ONE)))).isEqualTo("no contract call");
    assertThat(function.expected())
        .isEqualTo(ORDER + " (" + Bytes.of(ORDERING.selector()).hex() + ")");
  }

  @Test
  void refusesWhatTheSignatureDoesNotHave() {
    assertThat(problem("{at: 4, in: [a]}"))
        .contains("rules[0].arguments[0].at: expected one of the 4 places of order(");
    assertThat(problem("{at: 0.1, in: [a]}")).contains("expected nothing within address");
    assertThat(problem("{at: first, in: [a]}")).contains("expected the place of an argument");
    assertThat(problem("{at: 0, maximum: 5}")).contains("address is no number: expected `in`");
    assertThat(problem("{at: 1, in: [5]}")).contains("say which in `at`");
    assertThat(problem("{at: '1.*.2', in: [yes]}")).contains("expected true or false");
    assertThat(problem("{at: 0, in: [friends]}"))
        .contains("expected an address, or the name of a list");
    assertThat(problem("{at: '1.*.0', maximum: five}")).contains("expected a whole number");
    assertThat(problem("{at: 0, in: any}")).contains("expected a list of values of address");
    assertThat(problems(allowing("operations: [contract-call]", "function: swap(uint256 amount)")))
        .contains("rules[0].function: expected a canonical signature");
    assertThat(problems(allowing("operations: [contract-call]", "function: swap(uint)")))
        .contains("rules[0].function: expected a canonical signature");
  }

  private static String order(
      dev.countersign.core.model.Address to, long amount, long change, boolean flag) {
    Tuple line = Tuple.of(BigInteger.valueOf(amount), change, flag);
    Tuple arguments =
        Tuple.of(
            Address.wrap(to.checksummed()), new Tuple[] {line}, new byte[] {1, 2, 3, 4}, "buy");
    return Bytes.of(ORDERING.encodeCall(arguments).array()).hex();
  }

  private static boolean holds(String argument, String data) {
    return of(argument).holds(judged(call(USDC, data)));
  }

  private static Criterion of(String argument) {
    return CriterionSample.of(
        "arguments",
        "operations: [contract-call]",
        "function: " + ORDER,
        "arguments: [" + argument + "]");
  }

  private static String problem(String argument) {
    return problems(
        allowing(
            "operations: [contract-call]", "function: " + ORDER, "arguments: [" + argument + "]"));
  }
}
