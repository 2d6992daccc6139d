package dev.countersign.bench;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.countersign.bench.PolicyWorld.Asked;
import dev.countersign.core.action.CallUnpacker;
import dev.countersign.core.action.Unpacking;
import dev.countersign.core.evm.TransactionDecoder;
import dev.countersign.policy.rule.GasTerms;
import dev.countersign.policy.rule.JudgedAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The same rules as CEL expressions, asked one by one: what a policy costs whose rules nobody can
/// look into. Bytes are decoded the same way, and every expression is compiled and type-checked
/// and planned before anything is measured.
final class CelRules {
  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .addVar("initiator", SimpleType.STRING)
          .addVar("wallet", SimpleType.STRING)
          .addVar("chain", SimpleType.STRING)
          .addVar("operation", SimpleType.STRING)
          .addVar("native", SimpleType.BOOL)
          .addVar("own_account", SimpleType.BOOL)
          .addVar("destination", SimpleType.STRING)
          .addVar("amount", SimpleType.INT)
          .addVar("gas_cost", SimpleType.INT)
          .setResultType(SimpleType.BOOL)
          .build();

  private record Compiled(RuleText rule, CelRuntime.Program program) {}

  private final List<Compiled> rules = new ArrayList<>();

  CelRules(List<RuleText> texts) throws CelValidationException, CelEvaluationException {
    CelRuntime runtime = CelRuntimeFactory.plannerRuntimeBuilder().build();
    for (RuleText text : texts) {
      rules.add(new Compiled(text, runtime.createProgram(COMPILER.compile(text.cel()).getAst())));
    }
  }

  /// @return the rule that allows everything the payload does; nothing when one denies or none
  /// allows
  Optional<String> judge(Asked asked) throws CelEvaluationException {
    var decoded = (TransactionDecoder.Outcome.Decoded) TransactionDecoder.decode(asked.payload());
    var unpacked =
        (Unpacking.Unpacked)
            CallUnpacker.unpack(decoded.transaction().call(), asked.subject().wallet().address());
    Optional<String> deciding = Optional.empty();
    for (var action : unpacked.actions()) {
      Optional<String> allowing =
          judge(
              JudgedAction.of(
                  asked.subject(), action, Optional.of(GasTerms.of(decoded.transaction()))));
      if (allowing.isEmpty()) {
        return Optional.empty();
      }
      deciding = deciding.or(() -> allowing);
    }
    return deciding;
  }

  private Optional<String> judge(JudgedAction action) throws CelEvaluationException {
    Map<String, Object> facts =
        Map.of(
            "initiator", action.subject().initiator().value(),
            "wallet", action.subject().wallet().id().value(),
            "chain", action.subject().chain().caip2(),
            "operation", action.operation().toString(),
            "native", action.asset().isNative(),
            "own_account", action.owner().equals(action.subject().wallet().address()),
            "destination", action.destination().orElseThrow().hex(),
            "amount", action.amount().longValueExact(),
            "gas_cost", action.gasCost().longValueExact());
    Optional<String> allowing = Optional.empty();
    for (Compiled compiled : rules) {
      if ((Boolean) compiled.program().eval(facts)) {
        if (compiled.rule().denies()) {
          return Optional.empty();
        }
        if (compiled.rule().allows() && allowing.isEmpty()) {
          allowing = Optional.of(compiled.rule().name());
        }
      }
    }
    return allowing;
  }
}
