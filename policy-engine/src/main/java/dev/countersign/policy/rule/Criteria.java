package dev.countersign.policy.rule;

import java.util.List;

/// Every kind of criterion, in the order in which they are judged and explained: what is asked
/// before how much.
public final class Criteria {
  public static final List<CriterionKind> KINDS =
      List.of(
          InitiatorCriterion.KIND,
          RoleCriterion.KIND,
          CredentialCriterion.KIND,
          SourceCriterion.KIND,
          WalletCriterion.KIND,
          VaultCriterion.KIND,
          TierCriterion.KIND,
          ChainCriterion.KIND,
          OperationCriterion.KIND,
          SelectorCriterion.KIND,
          FunctionCriterion.KIND,
          AccountCriterion.KIND,
          AssetCriterion.KIND,
          TokenIdCriterion.KIND,
          DestinationCriterion.KIND,
          ArgumentsCriterion.KIND,
          DomainCriterion.KIND,
          PrimaryTypeCriterion.KIND,
          MessageFieldsCriterion.KIND,
          NotBeforeCriterion.KIND,
          ExpiresCriterion.KIND,
          TimesCriterion.KIND,
          AboveCriterion.KIND,
          MaximumCriterion.KIND,
          GasCostCriterion.KIND,
          GasPriceCriterion.KIND,
          ConditionCriterion.KIND);

  private Criteria() {}
}
