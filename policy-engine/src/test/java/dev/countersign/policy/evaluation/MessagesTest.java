package dev.countersign.policy.evaluation;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.BOB;
import static dev.countersign.policy.sample.Samples.USDC;
import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.Authorizations;
import dev.countersign.core.action.PersonalMessages;
import dev.countersign.core.action.RawDigests;
import dev.countersign.core.action.TypedDataUnpacker;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ChainId;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.model.Nonce;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Verdict.Allow;
import dev.countersign.policy.evaluation.Verdict.Charge;
import dev.countersign.policy.evaluation.Verdict.Deny;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private static final PolicySubject DESK = subject("desk", "hot-1");
  private static final Address OWN = DESK.account();
  private static final String TYPE =
      "Order(address maker,Item[] items)Item(address token,uint256 price)";
  private static final String SHOP =
      "domain: {name: [Shop], version: ['1'], chainId: [1], verifyingContract: ['%s']}"
          .formatted(BOB.checksummed());

  @Test
  void typedDataIsAllowedByDomainTypeAndFields() {
    PolicyDocument policy = orders("{at: maker, in: [own-account]}, {at: '*', in: [a]}");
    assertThat(judge(policy, order("Shop", OWN, 5, 6))).isInstanceOf(Allow.class);
    assertThat(reason(policy, order("Shop", ALICE, 5, 6)))
        .contains("fields maker own-account; items.*.price at least 5, got maker is 0x5290");
    assertThat(reason(policy, order("Shop", OWN, 5, 4))).endsWith("got items.*.price is 4");
    assertThat(reason(policy, order("Shap", OWN, 5, 6)))
        .contains("expects domain name Shop; version 1; chainId 1; verifyingContract 0x8617")
        .endsWith("got name Shap");
  }

  @Test
  void aTypeWithOtherFieldsIsAnotherType() {
    PolicyDocument policy =
        rule("operations: [typed-message]", "primaryType: Order(address maker)");
    assertThat(reason(policy, order("Shop", OWN, 5)))
        .contains("expects primaryType Order(address maker), got " + TYPE);
    assertThat(judge(rule("operations: [typed-message]", "primaryType: Order"), order("Shop", OWN)))
        .isInstanceOf(Allow.class);
  }

  @Test
  void aPermitIsJudgedAsTheAllowanceItIs() {
    String permit = permit(ALICE, 5);
    PolicyDocument message = rule("operations: [typed-message]");
    assertThat(reason(message, permit)).contains("action 1 (erc20-approve)");
    String approve =
        allowing(
                "operations: [erc20-approve]",
                "destinations: ['%s']".formatted(ALICE.checksummed()),
                "assets: ['eip155:1/erc20:%s']".formatted(USDC.checksummed()),
                "limits: [{name: all, maximum: 7, window: lifetime}]")
            .replace("name: pay", "name: approve");
    PolicyDocument both =
        policy(
            allowing("operations: [typed-message]", "assets: any")
                + approve.substring(approve.indexOf("  - name")));
    Verdict allowed = judge(both, permit);
    assertThat(((Allow) allowed).charges()).extracting(Charge::amount).containsExactly(five());
    assertThat(judge(both, permit(ALICE, 8))).isInstanceOf(Deny.class);
    assertThat(judge(both, permit(BOB, 5))).isInstanceOf(Deny.class);
    assertThat(PolicyJudge.scopes(both, DESK, read(permit))).hasSize(1);
  }

  private static BigInteger five() {
    return BigInteger.valueOf(5);
  }

  @Test
  void aMessageForAnotherChainIsDenied() {
    PolicySubject elsewhere = subject(DESK.request(), "desk", "hot-1", ChainId.ofEip155(10));
    Verdict verdict =
        PolicyJudge.judge(
            rule("operations: [typed-message]", "chains: any"),
            elsewhere,
            read(order("Shop", OWN)),
            scope -> BigInteger.ZERO);
    assertThat(((Deny) verdict).reason())
        .isEqualTo("the message is for chain eip155:1, expected eip155:10");
  }

  @Test
  void whatIsGoodOnEveryChainIsAllowedByRulesForAnyAndRestrictedByAll() {
    var everywhere = Authorizations.read(Optional.empty(), ALICE, new Nonce(0), OWN).unpacking();
    assertThat(reason(rule("operations: [authorization]"), everywhere))
        .contains("expects chains eip155:1, got every chain");
    PolicyDocument any = rule("operations: [authorization]", "chains: any");
    assertThat(judge(any, everywhere)).isInstanceOf(Allow.class);
    PolicyDocument restricted =
        policy(
            allowing("operations: [authorization]", "chains: any")
                + "  - {name: not-there, effect: DENY, chains: ['eip155:999']}\n");
    assertThat(judge(restricted, everywhere).rule()).isEqualTo("not-there");
    var here = Authorizations.read(Optional.of(DESK.chain()), ALICE, new Nonce(0), OWN).unpacking();
    assertThat(judge(restricted, here)).isInstanceOf(Allow.class);
    assertThat(judge(rule("operations: [authorization]"), here)).isInstanceOf(Allow.class);
  }

  @Test
  void aRawDigestIsSignedOnlyWhereARuleNamesIt() {
    Digest32 digest = Digest32.of(new byte[32]);
    Unpacking raw = RawDigests.unpack(digest, OWN);
    assertThat(judge(rule("operations: [typed-message, personal-message]"), raw))
        .isInstanceOf(Deny.class);
    assertThat(judge(rule("operations: [raw-digest]"), raw)).isInstanceOf(Allow.class);
    assertThat(problems(allowing("operations: any")))
        .contains("a rule that allows names its operations");
    Unpacking disguised = PersonalMessages.read(Bytes.of(new byte[32]), OWN).unpacking();
    assertThat(judge(rule("operations: [personal-message]"), disguised)).isInstanceOf(Deny.class);
    assertThat(judge(rule("operations: [personal-message, raw-digest]"), disguised))
        .isInstanceOf(Allow.class);
  }

  @Test
  void textIsAPersonalMessageAndBurnsNoGas() {
    Bytes text = Bytes.of("hello".getBytes(StandardCharsets.UTF_8));
    PolicyDocument policy = rule("operations: [personal-message]", "maximumGasCost: 0");
    assertThat(
            PolicyJudge.judge(
                policy, DESK, PersonalMessages.read(text, OWN), scope -> BigInteger.ZERO))
        .isInstanceOf(Allow.class);
  }

  @Test
  void whatCannotBeReadIsDenied() {
    Verdict verdict =
        PolicyJudge.judge(
            rule("operations: [typed-message]"),
            DESK,
            TypedDataUnpacker.read("{}", OWN),
            scope -> BigInteger.ZERO);
    assertThat(((Deny) verdict).reason()).startsWith("what it does cannot be told: typed data:");
    assertThat(((Deny) verdict).isUnjudged()).isTrue();
  }

  @Test
  void fieldsAreCheckedByTheirTypesWhenThePolicyIsRead() {
    assertThat(problem("{at: marker, in: [own-account]}"))
        .contains("rules[0].fields[0].at: expected a field of Order, one of [maker, items]");
    assertThat(problem("{at: items, in: [a]}")).contains("expected a place within Item[]");
    assertThat(problem("{at: items.0.price, maximum: 5}")).contains("* for each element of Item[]");
    assertThat(problem("{at: maker.x, maximum: 5}")).contains("expected nothing within address");
    assertThat(problem("{at: maker, maximum: 5}")).contains("address is no number");
    assertThat(
            problems(
                allowing(
                    "operations: [typed-message]",
                    "primaryType: Order",
                    "fields: [{at: maker, in: [own-account]}]")))
        .contains("rules[0].fields: only with a `primaryType` that says which there are");
    for (String type :
        new String[] {
          "Order(address  maker)",
          "Order(address maker)Item(address token)",
          "Order(Item item)",
          "Order(uint maker)",
          "Order(address maker) "
        }) {
      assertThat(problems(allowing("operations: [typed-message]", "primaryType: '" + type + "'")))
          .contains("rules[0].primaryType: expected the name of a type");
    }
    assertThat(problems(allowing("domain: {name: [Shop]}")))
        .contains("rules[0].domain: only with `operations: [typed-message]`");
    assertThat(
            problems(allowing("operations: [typed-message]", "domain: {salt: ['0x00'], chain: 1}")))
        .contains("rules[0].domain.salt[0]: expected 0x and 64 hex digits")
        .contains("unknown key \"chain\"");
  }

  private static String problem(String field) {
    return problems(
        allowing("operations: [typed-message]", "primaryType: " + TYPE, "fields: [" + field + "]"));
  }

  private static PolicyDocument orders(String fields) {
    return rule(
        "operations: [typed-message]",
        SHOP,
        "primaryType: " + TYPE,
        "fields: ["
            + fields.replace("{at: '*', in: [a]}", "{at: 'items.*.price', minimum: 5}")
            + "]");
  }

  private static PolicyDocument rule(String... fields) {
    return policy(allowing(fields));
  }

  private static String reason(PolicyDocument policy, String json) {
    return reason(policy, read(json));
  }

  private static String reason(PolicyDocument policy, Unpacking message) {
    return ((Deny) judge(policy, message)).reason();
  }

  private static Verdict judge(PolicyDocument policy, String json) {
    return judge(policy, read(json));
  }

  private static Verdict judge(PolicyDocument policy, Unpacking message) {
    return PolicyJudge.judge(policy, DESK, message, scope -> BigInteger.ZERO);
  }

  private static Unpacking read(String json) {
    return TypedDataUnpacker.read(json, OWN).unpacking();
  }

  private static String order(String shop, Address maker, long... prices) {
    StringBuilder items = new StringBuilder();
    for (long price : prices) {
      items
          .append(items.isEmpty() ? "" : ",")
          .append("{\"token\":\"%s\",\"price\":%d}".formatted(USDC.checksummed(), price));
    }
    return """
    {"types":{
      "EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},
        {"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
      "Order":[{"name":"maker","type":"address"},{"name":"items","type":"Item[]"}],
      "Item":[{"name":"token","type":"address"},{"name":"price","type":"uint256"}]},
     "primaryType":"Order",
     "domain":{"name":"%s","version":"1","chainId":1,"verifyingContract":"%s"},
     "message":{"maker":"%s","items":[%s]}}\
    """
        .formatted(shop, BOB.checksummed(), maker.checksummed(), items);
  }

  private static String permit(Address spender, long value) {
    return """
    {"types":{
      "EIP712Domain":[{"name":"chainId","type":"uint256"},
        {"name":"verifyingContract","type":"address"}],
      "Permit":[{"name":"owner","type":"address"},{"name":"spender","type":"address"},
        {"name":"value","type":"uint256"},{"name":"nonce","type":"uint256"},
        {"name":"deadline","type":"uint256"}]},
     "primaryType":"Permit",
     "domain":{"chainId":1,"verifyingContract":"%s"},
     "message":{"owner":"%s","spender":"%s","value":%d,"nonce":0,"deadline":1}}\
    """
        .formatted(USDC.checksummed(), OWN.checksummed(), spender.checksummed(), value);
  }
}
