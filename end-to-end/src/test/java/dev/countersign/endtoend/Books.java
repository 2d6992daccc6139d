package dev.countersign.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/// Compares what the server keeps with the chain and with what was asked for.
record Books(Deployment deployment) {

  /// Each payment is on the chain exactly once and nothing else is; no nonce is missing; limits
  /// count what was signed and nothing else; nothing is under way.
  ///
  /// @param payments all that the wallet ever made
  void balance(List<Payment> payments) throws SQLException {
    var rows = new Rows(deployment.database());
    assertThat(
            rows.texts(
                """
                SELECT request_id || ' ' || state || coalesce(' ' || failure, '')
                FROM signer.request WHERE state NOT IN ('CONFIRMED', 'DENIED')
                """))
        .as("requests that are not at their end")
        .isEmpty();
    assertThat(rows.number("SELECT count(*) FROM signer.request WHERE state = 'CONFIRMED'"))
        .as("confirmed requests")
        .isEqualTo(payments.size());
    for (Payment payment : payments) {
      assertThat(deployment.chain().rpc().balance(payment.payee()))
          .as("what %s got by %s", payment.payee(), payment.requestId())
          .isEqualTo(payment.amount());
    }
    assertThat(rows.texts("SELECT nonce FROM nonce.transaction ORDER BY nonce"))
        .as("nonces")
        .isEqualTo(IntStream.range(0, payments.size()).mapToObj(Integer::toString).toList());
    assertThat(deployment.chain().rpc().transactionCount(deployment.wallet().getAddress()))
        .as("transactions of the wallet on the chain")
        .isEqualTo(payments.size());
    assertThat(rows.texts("SELECT next_nonce || ' ' || free::text FROM nonce.lane"))
        .as("next and free nonces")
        .containsExactly(payments.size() + " {}");
    limitsCount(Payment.sum(payments));
  }

  private void limitsCount(BigInteger sum) throws SQLException {
    var rows = new Rows(deployment.database());
    assertThat(
            rows.number(
                "SELECT count(*) FROM policy.decision WHERE state NOT IN ('COMMITTED', 'DENIED')"))
        .as("decisions that are neither committed nor denied")
        .isZero();
    assertThat(
            rows.decimal(
                "SELECT coalesce(sum(amount), 0) FROM policy.reservation WHERE NOT released"))
        .as("sum of the reservations")
        .isEqualByComparingTo(new BigDecimal(sum));
    assertThat(rows.decimal("SELECT coalesce(sum(spent), 0) FROM policy.scope"))
        .as("what the limit counts")
        .isEqualByComparingTo(new BigDecimal(sum));
  }

  /// Every payment was admitted once, signed once and confirmed once, in the log too.
  void logTellsOnce(List<Payment> payments) throws SQLException {
    for (String type : List.of("request-admitted", "transaction-signed", "transaction-confirmed")) {
      assertThat(
              new Rows(deployment.database())
                  .texts(
                      """
                      SELECT r.request_id FROM audit.entry e
                      JOIN signer.request r ON r.id = e.request
                      WHERE convert_from(e.body, 'UTF8')::jsonb ->> 'type' = '%s'
                      """
                          .formatted(type)))
          .as("requests with an entry %s", type)
          .containsExactlyInAnyOrderElementsOf(payments.stream().map(Payment::requestId).toList());
    }
  }
}
