package dev.countersign.policy.store;

import dev.countersign.core.decision.PolicyVersion;
import dev.countersign.core.decision.RuleOutcome;
import dev.countersign.core.model.Digest32;
import dev.countersign.core.port.DecisionHistory;
import dev.countersign.core.port.UnitOfWork;
import dev.countersign.core.request.SigningRequestId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Reads what [DecisionStore] wrote.
public final class PostgresDecisionHistory implements DecisionHistory {
  private static final String FIND =
      """
      SELECT policy_version, hash, rule, explanation::text AS explanation
      FROM policy.decision LEFT JOIN policy.document ON version = policy_version
      WHERE request = :request
      """;

  private static final Digest32 NO_DOCUMENT = Digest32.of(new byte[Digest32.SIZE]);

  private final UnitOfWork unitOfWork;

  public PostgresDecisionHistory(UnitOfWork unitOfWork) {
    this.unitOfWork = unitOfWork;
  }

  @Override
  public Optional<PastDecision> find(SigningRequestId request) {
    return unitOfWork.inTransaction(
        transaction ->
            transaction
                .unwrap(Handle.class)
                .createQuery(FIND)
                .bind("request", request.value())
                .map((row, context) -> decision(row))
                .findOne());
  }

  private static PastDecision decision(ResultSet row) throws SQLException {
    byte[] hash = row.getBytes("hash");
    PolicyVersion version =
        new PolicyVersion(
            row.getLong("policy_version"), hash == null ? NO_DOCUMENT : Digest32.of(hash));
    String explanation = row.getString("explanation");
    if (explanation == null) {
      return new PastDecision(version, row.getString("rule"), "", List.<RuleOutcome>of());
    }
    Explanation.Told told = Explanation.read(explanation);
    return new PastDecision(version, row.getString("rule"), told.reason(), told.outcomes());
  }
}
