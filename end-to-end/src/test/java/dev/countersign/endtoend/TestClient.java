package dev.countersign.endtoend;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A client that every deployment registers, each with a certificate of its own.
///
/// @param role as the configuration names it
record TestClient(String name, String role) {
  static final TestClient DESK = new TestClient("trading-desk", "TRADER");
  static final TestClient CUSTODIAN = new TestClient("custody", "CUSTODIAN");
  static final TestClient APPROVER = new TestClient("approver", "APPROVER");
  static final TestClient AUDITOR = new TestClient("auditor", "AUDITOR");
  static final TestClient OPERATOR = new TestClient("operator", "OPERATOR");
  static final TestClient RISK = new TestClient("risk", "FREEZER");
  static final TestClient POLICY_DESK = new TestClient("policy-desk", "PROPOSER");
  static final TestClient RATES = new TestClient("rates", "PRICE_FEED");

  /// Many traders, for load.
  static final List<TestClient> CROWD =
      IntStream.rangeClosed(1, 20)
          .mapToObj(number -> new TestClient("trader-" + number, "TRADER"))
          .toList();

  static List<TestClient> all() {
    return Stream.concat(
            Stream.of(DESK, CUSTODIAN, APPROVER, AUDITOR, OPERATOR, RISK, POLICY_DESK, RATES),
            CROWD.stream())
        .toList();
  }
}
