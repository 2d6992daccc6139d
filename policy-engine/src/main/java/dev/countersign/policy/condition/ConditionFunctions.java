package dev.countersign.policy.condition;

import static dev.cel.common.CelFunctionDecl.newFunctionDeclaration;
import static dev.cel.common.CelOverloadDecl.newGlobalOverload;
import static dev.cel.common.CelOverloadDecl.newMemberOverload;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import dev.countersign.core.model.Address;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntPredicate;

/// What conditions may call. Nothing here repeats anything, so an expression costs what it has
/// nodes: no macros, no regular expressions, no conversions that fail, no division.
final class ConditionFunctions {
  static final String AMOUNT = "amount";
  static final String ADDRESS = "address";
  static final String IS_IN = "isIn";

  private static final CelType AMOUNTS = FactType.AMOUNT.cel();
  private static final CelType ADDRESSES = FactType.ADDRESS.cel();

  private static final List<StandardFunction> STANDARD =
      List.of(
          StandardFunction.LOGICAL_AND,
          StandardFunction.LOGICAL_OR,
          StandardFunction.LOGICAL_NOT,
          StandardFunction.CONDITIONAL,
          StandardFunction.EQUALS,
          StandardFunction.NOT_EQUALS,
          StandardFunction.IN,
          StandardFunction.LESS,
          StandardFunction.LESS_EQUALS,
          StandardFunction.GREATER,
          StandardFunction.GREATER_EQUALS,
          StandardFunction.ADD,
          StandardFunction.SUBTRACT,
          StandardFunction.MULTIPLY,
          StandardFunction.CONTAINS,
          StandardFunction.STARTS_WITH,
          StandardFunction.ENDS_WITH);

  /// Of the overloads of those only what is exact and costs no more than it is long.
  private static final Set<CelType> KNOWN =
      Set.of(SimpleType.INT, SimpleType.STRING, SimpleType.BOOL);

  /// Those that have overloads for other types.
  private static final Set<StandardFunction> IS_TYPED =
      Set.of(
          StandardFunction.LESS,
          StandardFunction.LESS_EQUALS,
          StandardFunction.GREATER,
          StandardFunction.GREATER_EQUALS,
          StandardFunction.ADD,
          StandardFunction.SUBTRACT,
          StandardFunction.MULTIPLY);

  private static final Map<String, IntPredicate> COMPARISONS =
      Map.of(
          "_<_", order -> order < 0,
          "_<=_", order -> order <= 0,
          "_>_", order -> order > 0,
          "_>=_", order -> order >= 0);

  private static final Map<String, BinaryOperator<BigInteger>> ARITHMETIC =
      Map.of("_+_", BigInteger::add, "_-_", BigInteger::subtract);

  private ConditionFunctions() {}

  static CelStandardDeclarations standard() {
    return CelStandardDeclarations.newBuilder()
        .filterFunctions(
            (function, overload) ->
                STANDARD.contains(function)
                    && (!IS_TYPED.contains(function)
                        || KNOWN.containsAll(overload.celOverloadDecl().parameterTypes())))
        .build();
  }

  static List<CelFunctionDecl> declarations() {
    List<CelFunctionDecl> all = new ArrayList<>();
    COMPARISONS.keySet().stream()
        .map(
            name ->
                newFunctionDeclaration(
                    name, newGlobalOverload(id(name), SimpleType.BOOL, AMOUNTS, AMOUNTS)))
        .forEach(all::add);
    ARITHMETIC.keySet().stream()
        .map(
            name ->
                newFunctionDeclaration(
                    name, newGlobalOverload(id(name), AMOUNTS, AMOUNTS, AMOUNTS)))
        .forEach(all::add);
    all.add(
        newFunctionDeclaration(
            "_*_", newGlobalOverload(id("_*_"), AMOUNTS, AMOUNTS, SimpleType.INT)));
    all.add(
        newFunctionDeclaration(AMOUNT, newGlobalOverload(id(AMOUNT), AMOUNTS, SimpleType.STRING)));
    all.add(
        newFunctionDeclaration(
            ADDRESS, newGlobalOverload(id(ADDRESS), ADDRESSES, SimpleType.STRING)));
    all.add(
        newFunctionDeclaration(
            IS_IN, newMemberOverload(id(IS_IN), SimpleType.BOOL, ADDRESSES, SimpleType.STRING)));
    return all;
  }

  /// @param lists what the names in `isIn` mean
  /// @param amounts reads an amount
  @SuppressWarnings("Immutable") // What they close over has no state, or is never changed.
  static List<CelFunctionBinding> bindings(
      Map<String, Set<Address>> lists, Function<String, BigInteger> amounts) {
    List<CelFunctionBinding> all = new ArrayList<>();
    COMPARISONS.forEach(
        (name, holds) ->
            all.add(
                CelFunctionBinding.from(
                    id(name),
                    Amount.class,
                    Amount.class,
                    (one, other) -> holds.test(one.value().compareTo(other.value())))));
    ARITHMETIC.forEach(
        (name, operator) ->
            all.add(
                CelFunctionBinding.from(
                    id(name),
                    Amount.class,
                    Amount.class,
                    (one, other) -> new Amount(operator.apply(one.value(), other.value())))));
    all.add(
        CelFunctionBinding.from(
            id("_*_"),
            Amount.class,
            Long.class,
            (one, times) -> new Amount(one.value().multiply(BigInteger.valueOf(times)))));
    all.add(
        CelFunctionBinding.from(id(AMOUNT), String.class, text -> new Amount(amounts.apply(text))));
    all.add(
        CelFunctionBinding.from(id(ADDRESS), String.class, text -> Place.of(Address.parse(text))));
    all.add(
        CelFunctionBinding.from(
            id(IS_IN),
            Place.class,
            String.class,
            (place, list) ->
                place.address().filter(lists.getOrDefault(list, Set.of())::contains).isPresent()));
    return all;
  }

  private static String id(String name) {
    return "countersign" + name;
  }
}
