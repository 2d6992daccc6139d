package dev.countersign.policy.evaluation;

import static dev.countersign.policy.sample.Samples.ALICE;
import static dev.countersign.policy.sample.Samples.MAINNET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.action.SignableMessage;
import dev.countersign.core.intent.Intent;
import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.ClientId;
import dev.countersign.core.model.WalletId;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.IdempotencyKey;
import dev.countersign.core.request.RequestContent;
import dev.countersign.core.request.SigningRequestId;
import dev.countersign.policy.document.PolicyDocument;
import dev.countersign.policy.evaluation.Verdict.Allow;
import dev.countersign.policy.evaluation.Verdict.Deny;
import dev.countersign.policy.sample.Samples;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Requests to sign messages are judged by their preimage, and by nothing else.
class MessageBytesTest {
  private static final Intent.OfMessage LOGIN =
      new Intent.PersonalMessage(Bytes.of("log in".getBytes(StandardCharsets.UTF_8)));
  private static final Intent.OfMessage ORDER = order("eip155:1", "Shop");
  private static final PolicyDocument POLICY =
      Samples.policy(
          """
          format: countersign/policy/v1
          rules:
            - name: logins
              effect: ALLOW
              initiators: [desk]
              wallets: [hot-1]
              chains: any
              operations: [personal-message, typed-message]
              assets: any
              destinations: any
              maximumGasCost: any
          """);

  private static Intent.OfMessage order(String chain, String shop) {
    return new Intent.TypedData(
        """
        {"types": {"EIP712Domain": [{"name": "name", "type": "string"},
            {"name": "chainId", "type": "uint256"}], "Order": [{"name": "amount", "type": "uint256"}]},
         "primaryType": "Order", "domain": {"name": "%s", "chainId": %s},
         "message": {"amount": 7}}
        """
            .formatted(shop, chain.substring("eip155:".length())));
  }

  private static PolicySubject subject(Intent intent) {
    return new PolicySubject(
        new SigningRequestId(new UUID(7, 7)),
        new IdempotencyKey(new ClientId("desk"), "one"),
        new RequestContent(new WalletId("hot-1"), MAINNET, intent, java.util.Optional.empty()),
        Samples.wallet("hot-1"),
        Instant.parse("2026-11-01T12:00:00Z"));
  }

  private static Bytes preimage(Intent.OfMessage message) {
    return ((SignableMessage.Understood)
            SignableMessage.read(message, Samples.wallet("hot-1").address()))
        .preimage();
  }

  private static Verdict judge(Intent asked, Bytes payload) {
    return PolicyJudge.judge(POLICY, subject(asked), payload, scope -> BigInteger.ZERO);
  }

  @Test
  void allowsTheVeryPreimageOfTheMessageAskedFor() {
    assertThat(judge(LOGIN, preimage(LOGIN))).isInstanceOf(Allow.class);
    assertThat(judge(ORDER, preimage(ORDER))).isInstanceOf(Allow.class);
  }

  @Test
  void deniesThePreimageOfAnotherMessage() {
    assertThat(judge(LOGIN, preimage(ORDER))).isInstanceOf(Deny.class);
    assertThat(judge(ORDER, preimage(order("eip155:1", "Other"))))
        .isInstanceOfSatisfying(
            Deny.class, deny -> assertThat(deny.reason()).contains("not those of the message"));
  }

  @Test
  void aTransactionIsNoMessageAndAMessageNoTransaction() {
    Intent.OfTransaction pay = Samples.pay(ALICE, BigInteger.ONE);
    assertThat(judge(LOGIN, Samples.payload(pay))).isInstanceOf(Deny.class);
    assertThat(judge(pay, preimage(LOGIN))).isInstanceOf(Deny.class);
  }

  @Test
  void aMessageOfAnotherChainIsDenied() {
    Intent.OfMessage elsewhere = order("eip155:10", "Shop");
    assertThat(judge(elsewhere, preimage(elsewhere)))
        .isInstanceOfSatisfying(
            Deny.class, deny -> assertThat(deny.reason()).contains("for chain eip155:10"));
  }
}
