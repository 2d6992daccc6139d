package dev.countersign.policy.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.countersign.core.model.Address;
import dev.countersign.core.model.InvalidValueException;
import dev.countersign.policy.yaml.Similar;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads conditions of one policy: what they may look at, and what names of address lists mean.
public final class ConditionReader {
  /// Bounds what evaluating costs: nothing in an expression is evaluated more than once.
  private static final int MOST_NODES = 200;

  private static final int MOST_CHARACTERS = 2_000;
  private static final int MOST_LEVELS = 16;
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableComprehension(false)
          .maxExpressionCodePointSize(MOST_CHARACTERS)
          .maxParseExpressionNodeCount(MOST_NODES)
          .maxParseRecursionDepth(MOST_LEVELS)
          .build();

  private final Set<String> names;
  private final Map<String, Set<Address>> lists;
  private final Function<String, BigInteger> amounts;
  private final CelCompiler compiler;
  private final CelRuntime runtime;

  /// @param facts by their names
  /// @param amounts reads an amount, or throws [InvalidValueException]
  public ConditionReader(
      Map<String, FactType> facts,
      Map<String, Set<Address>> lists,
      Function<String, BigInteger> amounts) {
    this.names = facts.keySet();
    this.lists = lists;
    this.amounts = amounts;
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros()
            .setStandardEnvironmentEnabled(false)
            .setStandardDeclarations(ConditionFunctions.standard())
            .addFunctionDeclarations(ConditionFunctions.declarations())
            .setResultType(SimpleType.BOOL);
    facts.forEach((name, type) -> builder.addVar(name, type.cel()));
    this.compiler = builder.build();
    this.runtime =
        CelRuntimeFactory.plannerRuntimeBuilder()
            .addFunctionBindings(ConditionFunctions.bindings(lists, amounts))
            .build();
  }

  /// What came of reading a condition.
  public sealed interface Reading {
    record Valid(Condition condition) implements Reading {}

    /// @param problems at least one, with where it is within the text
    record Invalid(List<String> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /// Total: any text gives a condition, or what is wrong with it.
  public Reading read(String text) {
    CelValidationResult result = compiler.compile(text);
    if (result.hasError()) {
      return new Reading.Invalid(
          result.getErrors().stream().map(issue -> problem(text, issue)).distinct().toList());
    }
    try {
      CelAbstractSyntaxTree ast = result.getAst();
      List<String> wrong = wrongConstants(ast);
      return wrong.isEmpty()
          ? new Reading.Valid(new Condition(text, runtime.createProgram(ast)))
          : new Reading.Invalid(wrong);
    } catch (CelValidationException | CelEvaluationException e) {
      return new Reading.Invalid(List.of(String.valueOf(e.getMessage())));
    }
  }

  private String problem(String text, CelIssue issue) {
    CelSourceLocation at = issue.getSourceLocation();
    String message = issue.getMessage().lines().findFirst().orElse("is no CEL expression");
    String place = place(at.getLine(), at.getColumn());
    if (!message.startsWith("undeclared reference")) {
      return place + message;
    }
    String word = word(text, at);
    String meant = Similar.to(word, names).map(name -> "; did you mean " + name + "?").orElse("");
    return place
        + "there is no \"%s\" here, expected one of %s, or a function%s"
            .formatted(word, String.join(", ", names.stream().sorted().toList()), meant);
  }

  private static String place(int line, int column) {
    return line == 1 ? "at %d: ".formatted(column + 1) : "at %d:%d: ".formatted(line, column + 1);
  }

  private static String word(String text, CelSourceLocation at) {
    String line = text.lines().skip(at.getLine() - 1L).findFirst().orElse("");
    Matcher word = WORD.matcher(line);
    return at.getColumn() <= line.length() && word.find(at.getColumn()) ? word.group() : line;
  }

  /// Amounts, addresses and names of lists are written out, so that what is wrong is told now.
  private List<String> wrongConstants(CelAbstractSyntaxTree ast) {
    List<String> wrong = new ArrayList<>();
    CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .map(node -> node.expr())
        .filter(node -> node.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL)
        .forEach(call -> wrongConstant(call.call()).ifPresent(wrong::add));
    return wrong;
  }

  private Optional<String> wrongConstant(CelExpr.CelCall call) {
    return switch (call.function()) {
      case ConditionFunctions.AMOUNT -> wrong(call, amounts::apply);
      case ConditionFunctions.ADDRESS -> wrong(call, Address::parse);
      case ConditionFunctions.IS_IN -> wrong(call, this::list);
      default -> Optional.empty();
    };
  }

  private Collection<Address> list(String name) {
    Set<Address> list = lists.get(name);
    if (list == null) {
      String meant = Similar.to(name, lists.keySet()).map(it -> " (" + it + "?)").orElse("");
      throw InvalidValueException.of("list", name, "a list under `addresses`" + meant);
    }
    return list;
  }

  /// Refuses what it cannot read.
  @FunctionalInterface
  private interface Parsing {
    Object parse(String text);
  }

  private static Optional<String> wrong(CelExpr.CelCall call, Parsing parsing) {
    CelExpr given = call.args().getFirst();
    if (given.exprKind().getKind() != CelExpr.ExprKind.Kind.CONSTANT
        || given.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
      return Optional.of(call.function() + "(…) takes a text that is written out");
    }
    String text = given.constant().stringValue();
    try {
      parsing.parse(text);
      return Optional.empty();
    } catch (InvalidValueException e) {
      return Optional.of("%s(\"%s\"): expected %s".formatted(call.function(), text, e.expected()));
    }
  }
}
