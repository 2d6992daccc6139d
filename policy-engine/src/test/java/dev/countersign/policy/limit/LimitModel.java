package dev.countersign.policy.limit;

import dev.countersign.core.request.SigningRequestId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Limits as a reader of docs/POLICY.md would keep them by hand: a list of what was reserved, added
/// up anew for every question.
final class LimitModel {
  private final List<Reservation> reservations = new ArrayList<>();
  private long maximum;

  /// @param maximum of every limit; the policy's own differ by what [#policy] adds
  LimitModel(long maximum) {
    this.maximum = maximum;
  }

  private enum Rule {
    TO_ALICE,
    TO_ANYONE,
    CAP
  }

  /// One limit of a rule.
  private record Limit(Rule rule, String scope, Duration window, long most) {}

  private record Reservation(SigningRequestId request, Limit limit, Instant at, long amount) {
    /// A maximum may have changed since.
    boolean isOf(Limit other) {
      return limit.rule() == other.rule() && limit.scope().equals(other.scope());
    }
  }

  /// What is asked.
  record Payment(
      SigningRequestId request, String client, String wallet, boolean toAlice, long wei) {}

  /// The rules that this is a model of. Everything that is allowed counts in the limit of `cap`,
  /// which denies what would go over.
  static String policy(long maximum) {
    return """
    format: countersign/policy/v1
    rules:
      - name: to-alice
        effect: ALLOW
        initiators: any
        wallets: any
        chains: any
        operations: [native-transfer]
        assets: [native]
        destinations: ["0x52908400098527886E0F7030069857D2E4169EE7"]
        maximumGasCost: any
        limits:
          - {name: wallet, maximum: %d, counts: [value], window: PT5S, per: [wallet]}
          - {name: all, maximum: %d, counts: [value], window: PT10S}
      - name: to-anyone
        effect: ALLOW
        initiators: any
        wallets: any
        chains: any
        operations: [native-transfer]
        assets: [native]
        destinations: any
        maximumGasCost: any
        limits:
          - {name: initiator, maximum: %d, counts: [value], window: PT7S, per: [initiator, destination]}
      - name: cap
        effect: DENY
        wallets: any
        assets: [native]
        limits:
          - {name: cap, maximum: %d, counts: [value], window: PT8S}
    """
        .formatted(maximum, maximum + 3, maximum - 2, maximum + 6);
  }

  private List<Limit> limits(Payment payment) {
    List<Limit> limits = new ArrayList<>();
    if (payment.toAlice()) {
      limits.add(
          new Limit(Rule.TO_ALICE, "wallet " + payment.wallet(), Duration.ofSeconds(5), maximum));
      limits.add(new Limit(Rule.TO_ALICE, "all", Duration.ofSeconds(10), maximum + 3));
    }
    String pair = payment.client() + " " + payment.toAlice();
    limits.add(new Limit(Rule.TO_ANYONE, pair, Duration.ofSeconds(7), maximum - 2));
    limits.add(new Limit(Rule.CAP, "cap", Duration.ofSeconds(8), maximum + 6));
    return limits;
  }

  void maximum(long other) {
    maximum = other;
  }

  /// Whether it is allowed; then it is reserved.
  boolean admit(Payment payment, Instant now) {
    List<Limit> limits = limits(payment);
    boolean toAlice = payment.toAlice() && hasRoom(Rule.TO_ALICE, limits, payment, now);
    boolean toAnyone = hasRoom(Rule.TO_ANYONE, limits, payment, now);
    if (!hasRoom(Rule.CAP, limits, payment, now) || !(toAlice || toAnyone)) {
      return false;
    }
    for (Limit limit : limits) {
      boolean isCharged =
          switch (limit.rule()) {
            case TO_ALICE -> toAlice;
            case TO_ANYONE -> toAnyone;
            case CAP -> true;
          };
      if (isCharged) {
        reservations.add(new Reservation(payment.request(), limit, now, payment.wei()));
      }
    }
    return true;
  }

  private boolean hasRoom(Rule rule, List<Limit> limits, Payment payment, Instant now) {
    return limits.stream()
        .filter(limit -> limit.rule() == rule)
        .allMatch(limit -> spent(limit, now) + payment.wei() <= limit.most());
  }

  private long spent(Limit limit, Instant now) {
    return reservations.stream()
        .filter(reserved -> reserved.isOf(limit))
        .filter(reserved -> reserved.at().isAfter(now.minus(limit.window())))
        .mapToLong(Reservation::amount)
        .sum();
  }

  void release(SigningRequestId request) {
    reservations.removeIf(reserved -> reserved.request().equals(request));
  }

  LimitModel copy() {
    LimitModel copy = new LimitModel(maximum);
    copy.reservations.addAll(reservations);
    return copy;
  }
}
