package dev.countersign.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static dev.countersign.architecture.Members.accessAnyOf;
import static dev.countersign.architecture.Members.constructorsOf;
import static dev.countersign.architecture.Members.fields;
import static dev.countersign.architecture.Members.methods;
import static dev.countersign.architecture.Members.methodsWithoutArguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.countersign.core.decision.ChangeSeals;
import dev.countersign.core.decision.Permit;
import dev.countersign.core.decision.PermitMint;
import dev.countersign.core.decision.PolicySeals;
import dev.countersign.core.decision.ThawSeals;
import java.io.Serializable;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Rules about what code does, whatever module it is in.
///
/// ArchUnit fails a rule whose subject matches no class at all; that stays on wherever the subject
/// must exist, so that a renamed package cannot quietly retire its rule.
class CodeRulesTest {

  private static final JavaClasses PRODUCTION = BuiltClasses.production();
  private static final JavaClasses TESTS = BuiltClasses.tests();

  /// Where the outside world is connected: these choose the clock and the source of randomness.
  private static final String[] WIRING = {
    "dev.countersign.testenv..", "dev.countersign.cli..", "dev.countersign.server.config.."
  };

  @Test
  void coreHasNoFrameworkAndNoSql() {
    noClasses()
        .that()
        .resideInAPackage("dev.countersign.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..", "javax.sql..", "org.jdbi..", "io.micronaut..", "io.grpc..")
        .as("signer-core has no framework and no SQL")
        .because("the domain outlives every framework; adapters implement its ports")
        .check(PRODUCTION);
  }

  @Test
  void offlineVerificationNeedsNoDatabase() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.countersign.audit.verify..",
            "dev.countersign.audit.entry..",
            "dev.countersign.audit.report..",
            "dev.countersign.audit.tiles..",
            "dev.countersign.audit.witness..",
            "dev.countersign.audit.merkle..",
            "dev.countersign.audit.checkpoint..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.countersign.audit.store..", "dev.countersign.database..")
        .as("audit verification has no database")
        .because("an auditor verifies an exported log on a machine of their own")
        .allowEmptyShould(true)
        .check(PRODUCTION);
  }

  @Test
  void onlyTheServerKnowsMicronaut() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.countersign.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micronaut..")
        .as("only signer-server knows Micronaut")
        .because("features are plain Java, wired in one place")
        .check(PRODUCTION);
  }

  @Test
  void onlyPolicyIssuesPermits() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.countersign.policy..")
        .should(
            accessAnyOf(
                methods(PermitMint.class, "issue", "reopen"),
                methods(PolicySeals.class, "seal"),
                methods(ThawSeals.class, "seal"),
                methods(ChangeSeals.class, "seal")))
        .as("only policy issues permits")
        .because(
            "a key signs only against a permit, and a permit is a decision of the policy engine")
        .check(PRODUCTION);
  }

  @Test
  void permitsComeFromTheMint() {
    noClasses()
        .that()
        .areNotAssignableTo(PermitMint.class)
        .should(accessAnyOf(constructorsOf(Permit.class)))
        .as("permits come from the mint")
        .because("only the mint can seal one")
        .check(PRODUCTION);
  }

  @Test
  void onlyTheWiringMakesAMint() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.countersign.server..")
        .should(
            accessAnyOf(
                constructorsOf(
                    PermitMint.class, PolicySeals.class, ThawSeals.class, ChangeSeals.class)))
        .as("only the wiring makes a mint")
        .because("a process has one mint, whose inspector its key backends were given")
        .check(PRODUCTION);
  }

  @Test
  void timeIsInjected() {
    noClasses()
        .that()
        .resideOutsideOfPackages(WIRING)
        .should(
            accessAnyOf(
                methodsWithoutArguments("now", Instant.class, LocalDate.class, LocalTime.class),
                methodsWithoutArguments(
                    "now", LocalDateTime.class, OffsetDateTime.class, ZonedDateTime.class),
                methods(System.class, "currentTimeMillis"),
                methods(Clock.class, "system", "systemUTC", "systemDefaultZone"),
                methods(InstantSource.class, "system")))
        .as("time is injected")
        .because("a test sets the time; take an InstantSource")
        .check(PRODUCTION);
  }

  @Test
  void randomnessIsInjected() {
    noClasses()
        .that()
        .resideOutsideOfPackages(WIRING)
        .should(
            accessAnyOf(
                constructorsOf(Random.class, SecureRandom.class),
                methods(Math.class, "random"),
                methods(SecureRandom.class, "getInstance", "getInstanceStrong"),
                methods(ThreadLocalRandom.class, "current")))
        .as("randomness is injected")
        .because("keys and nonces come from a SecureRandom that the wiring chose; take a parameter")
        .check(PRODUCTION);
  }

  @Test
  void oneLoggingApi() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .as("one logging API")
        .because("logs are structured and carry the request id; use slf4j")
        .check(PRODUCTION);
  }

  @Test
  void onlyProgramsForPeoplePrint() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.countersign.cli..", "dev.countersign.testenv..")
        .should(
            accessAnyOf(fields(System.class, "out", "err"), methods(IO.class, "print", "println")))
        .as("only programs for people print")
        .because("a server's words go to its log; use slf4j")
        .check(PRODUCTION);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.countersign.api..") // generated
        .and(not(Members.extendATypeOf("javax.net.ssl"))) // whose trust managers are called so
        .should()
        // A base OT is what an extension of oblivious transfer starts from.
        .haveNameMatching(".*[.$](\\w*(Impl|Manager|Utils?|Helper|Dto|DTO)|Base(?!Ot)[A-Z]\\w*)")
        .as("names say what a thing is")
        .because("roles are nouns and an implementation carries its mechanism")
        .check(PRODUCTION);
  }

  @Test
  void packagesAreFeatures() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..utils..", "..impl..", "..dto..", "..service..")
        .as("packages are features")
        .because("a package is named for what lives there, in the field's terms")
        .check(PRODUCTION);
  }

  @Test
  void packagesAreNullMarked() {
    classes()
        .that()
        .resideOutsideOfPackage("dev.countersign.api..") // generated
        .should(Members.resideInAPackageAnnotatedWith(NullMarked.class))
        .as("packages are null-marked")
        .because("NullAway looks only at packages whose package-info.java has @NullMarked")
        .check(PRODUCTION);
  }

  @Test
  void secretsHaveNoTextForm() {
    noClasses()
        .that()
        .resideInAPackage("dev.countersign.core.secret..")
        .should()
        .beRecords()
        .orShould()
        .beAssignableTo(Serializable.class)
        .orShould(Members.declareMethod("toString"))
        .as("secrets have no text form")
        .because("a secret that can be printed or serialised ends up in a log")
        .check(PRODUCTION);
  }

  @Test
  void noTestIsSwitchedOff() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.junit.jupiter.api.condition..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "org\\.junit\\.jupiter\\.api\\.(Disabled|Assumptions)|net\\.jqwik\\.api\\.(Disabled|Assume)")
        .as("no test is switched off")
        .because("a missing part fails the build with what to install; it never skips")
        .check(TESTS);
  }

  @Test
  void testClassesAreNamedSoThatTheyRun() {
    classes()
        .that(Members.haveTests())
        .should()
        .haveNameMatching(".*(Test|IT|Contract|Live)(\\$.*)?")
        .as("test classes are named so that they run")
        .because(
            "surefire runs *Test, failsafe runs *IT, a Contract is run by its subclasses, and a"
                + " Live by somebody who has what it asks")
        .check(TESTS);
  }
}
