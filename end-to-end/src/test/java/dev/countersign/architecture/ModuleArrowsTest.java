package dev.countersign.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the classes and poms of this build against the table in [Module].
class ModuleArrowsTest {

  static List<Module> modules() {
    return Module.TABLE;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("modules")
  void classesUseOnlyWhatTheTableAllows(Module module) {
    noClasses()
        .that()
        .resideInAPackage(module.home() + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.countersign..")
                .and(not(resideInAnyPackage(module.allowedPackages())))
                .as("are ours but neither in " + module.home() + " nor in " + module.sees()))
        .as("module arrows of " + module)
        .because("architecture/Module.java lists every arrow between modules")
        .allowEmptyShould(true) // everyModuleWithSourcesIsRead says when it may not be empty
        .check(BuiltClasses.production());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("modules")
  void everyModuleWithSourcesIsRead(Module module) {
    if (BuiltClasses.hasSources(module)) {
      assertThat(BuiltClasses.madeBy(module))
          .as("classes read from " + module + "/target/classes")
          .anyMatch(c -> !c.getSimpleName().equals("package-info"));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("modules")
  void everyClassLivesInItsModulesPackage(Module module) {
    assertThat(BuiltClasses.madeBy(module))
        .as("classes of " + module + " live in " + module.home())
        .allMatch(c -> (c.getPackageName() + ".").startsWith(module.home() + "."));
  }

  @Test
  void theTableHasARowForEveryModule() {
    assertThat(Poms.modules())
        .as("modules of the root pom")
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(modules().stream().map(Module::directory), Stream.of("end-to-end"))
                .toList());
  }

  @Test
  void everyModuleIsBuiltBeforeItIsRead() {
    assertThat(Poms.dependencies("end-to-end"))
        .as("modules in end-to-end/pom.xml")
        .containsAll(modules().stream().map(Module::directory).toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("modules")
  void pomsDependOnlyAlongTheArrows(Module module) {
    assertThat(Poms.shippedDependencies(module.directory()))
        .as("modules that " + module + "/pom.xml may depend on outside of tests")
        .isSubsetOf(modules().stream().filter(module::sees).map(Module::directory).toList());
  }

  @Test
  void classFilesOfThisJavaAreUnderstood() {
    List<JavaClass> own =
        BuiltClasses.tests().stream()
            .filter(c -> c.isEquivalentTo(ModuleArrowsTest.class))
            .toList();
    assertThat(own).hasSize(1);
    assertThat(own.getFirst().getMethodCallsFromSelf()).isNotEmpty();
  }
}
