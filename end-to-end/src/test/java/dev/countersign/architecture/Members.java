package dev.countersign.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Conditions on single methods, constructors and fields, by call and by method reference alike.
final class Members {

  private static final Set<String> TEST_ANNOTATIONS =
      Set.of(
          "org.junit.jupiter.api.Test",
          "org.junit.jupiter.api.TestFactory",
          "org.junit.jupiter.api.RepeatedTest",
          "org.junit.jupiter.params.ParameterizedTest",
          "net.jqwik.api.Property",
          "net.jqwik.api.Example");

  private Members() {}

  /// Members of a class that a rule names.
  interface Member extends Predicate<JavaAccess<?>> {}

  static Member methods(Class<?> owner, String... names) {
    return member(owner, List.of(owner.getMethods()), names);
  }

  static Member methodsWithoutArguments(String name, Class<?>... owners) {
    Set<String> names = Stream.of(owners).map(Class::getName).collect(Collectors.toSet());
    return access ->
        access.getTarget() instanceof CodeUnitAccessTarget unit
            && names.contains(unit.getOwner().getName())
            && unit.getName().equals(name)
            && unit.getRawParameterTypes().isEmpty();
  }

  static Member constructorsOf(Class<?>... owners) {
    Set<String> names = Stream.of(owners).map(Class::getName).collect(Collectors.toSet());
    return access ->
        access.getTarget().getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
            && names.contains(access.getTarget().getOwner().getName());
  }

  static Member fields(Class<?> owner, String... names) {
    return member(owner, List.of(owner.getFields()), names);
  }

  /// A rule about a member that was renamed would hold for ever: the member must exist.
  private static Member member(
      Class<?> owner, List<? extends java.lang.reflect.Member> existing, String... names) {
    Set<String> named = Set.of(names);
    if (!existing.stream()
        .map(java.lang.reflect.Member::getName)
        .collect(Collectors.toSet())
        .containsAll(named)) {
      throw new IllegalArgumentException(owner + " has not all of the public members " + named);
    }
    return access ->
        named.contains(access.getTarget().getName())
            && access.getTarget().getOwner().getName().equals(owner.getName());
  }

  /// Whether a class uses any of the members, in a call, a field access or a method reference.
  static ArchCondition<JavaClass> accessAnyOf(Member... members) {
    return new ArchCondition<>("access a member that is not for it") {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        for (JavaAccess<?> access : javaClass.getAccessesFromSelf()) {
          boolean found = Stream.of(members).anyMatch(member -> member.test(access));
          events.add(new SimpleConditionEvent(access, found, access.getDescription()));
        }
      }
    };
  }

  static ArchCondition<JavaClass> declareMethod(String name) {
    return new ArchCondition<>("declare " + name) {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        for (JavaMethod method : javaClass.getMethods()) {
          events.add(
              new SimpleConditionEvent(
                  method, method.getName().equals(name), method.getDescription()));
        }
      }
    };
  }

  static ArchCondition<JavaClass> resideInAPackageAnnotatedWith(Class<? extends Annotation> type) {
    return new ArchCondition<>("reside in a package annotated with @" + type.getSimpleName()) {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        events.add(
            new SimpleConditionEvent(
                javaClass,
                javaClass.getPackage().isAnnotatedWith(type),
                javaClass.getDescription()));
      }
    };
  }

  /// Classes that directly extend or implement a type of the package.
  static DescribedPredicate<JavaClass> extendATypeOf(String packageName) {
    return DescribedPredicate.describe(
        "extend a type of " + packageName,
        javaClass ->
            Stream.concat(
                    javaClass.getRawSuperclass().stream(), javaClass.getRawInterfaces().stream())
                .anyMatch(type -> type.getPackageName().equals(packageName)));
  }

  /// Classes with a test method of JUnit or jqwik.
  static DescribedPredicate<JavaClass> haveTests() {
    return DescribedPredicate.describe(
        "have tests",
        javaClass ->
            javaClass.getMethods().stream()
                .flatMap(method -> method.getAnnotations().stream())
                .anyMatch(a -> TEST_ANNOTATIONS.contains(a.getRawType().getName())));
  }
}
