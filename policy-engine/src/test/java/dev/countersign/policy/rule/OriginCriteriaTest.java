package dev.countersign.policy.rule;

import static dev.countersign.policy.sample.Samples.allowing;
import static dev.countersign.policy.sample.Samples.policy;
import static dev.countersign.policy.sample.Samples.problems;
import static dev.countersign.policy.sample.Samples.subject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.core.model.IpAddress;
import dev.countersign.core.port.PolicySubject;
import dev.countersign.core.request.Credential;
import dev.countersign.core.request.Origin;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OriginCriteriaTest {
  private static final PolicySubject UNKNOWN = subject("desk", "hot-1");

  @Test
  void sourcesAreAddressesAndRanges() {
    SubjectCriterion sources = of("sources", "sources: ['10.0.0.0/8', '2001:db8::/33', 192.0.2.1]");
    assertThat(sources.holds(from("10.255.255.255"))).isTrue();
    assertThat(sources.holds(from("11.0.0.0"))).isFalse();
    assertThat(sources.holds(from("192.0.2.1"))).isTrue();
    assertThat(sources.holds(from("192.0.2.2"))).isFalse();
    assertThat(sources.holds(from("2001:db8:7fff::1"))).isTrue();
    assertThat(sources.holds(from("2001:db8:8000::1"))).isFalse();
    assertThat(sources.holds(from("::ffff:10.1.2.3"))).isTrue();
    assertThat(sources.observed(from("11.0.0.0"))).isEqualTo("11.0.0.0");
    assertThat(sources.expected())
        .isEqualTo("one of 10.0.0.0/8, 2001:db8:0:0:0:0:0:0/33, 192.0.2.1");
  }

  @Test
  void credentialsAndRolesAreThoseItWasReceivedWith() {
    SubjectCriterion credentials = of("credentials", "credentials: [mutual-tls]");
    SubjectCriterion roles = of("roles", "roles: [CUSTODIAN, TRADER]");
    assertThat(credentials.holds(from("10.0.0.1"))).isTrue();
    assertThat(of("credentials", "credentials: [bearer-token]").holds(from("10.0.0.1"))).isFalse();
    assertThat(roles.holds(from("10.0.0.1"))).isTrue();
    assertThat(of("roles", "roles: [CUSTODIAN]").holds(from("10.0.0.1"))).isFalse();
    assertThat(roles.observed(from("10.0.0.1"))).isEqualTo("AUDITOR,TRADER");
  }

  @Test
  void whereNobodyKnowsNothingIsAllowedAndEverythingRestricted() {
    for (String line :
        new String[] {"sources: [10.0.0.1]", "credentials: [mutual-tls]", "roles: [TRADER]"}) {
      String key = line.substring(0, line.indexOf(':'));
      assertThat(of(key, line).holds(UNKNOWN)).as(line).isFalse();
      assertThat(of(key, line).observed(UNKNOWN)).isEqualTo("nobody knows");
      SubjectCriterion restricting =
          (SubjectCriterion)
              policy(
                      "format: countersign/policy/v1\nrules: [{name: no, effect: DENY, %s}]"
                          .formatted(line))
                  .rules()
                  .getFirst()
                  .criteria()
                  .getFirst();
      assertThat(restricting.holds(UNKNOWN)).as(line).isTrue();
    }
  }

  @Test
  void refusesWhatIsNoRange() {
    assertThat(problems(allowing("sources: ['10.0.0.1/8']")))
        .contains("rules[0].sources[0]: expected a range whose bits after the first 8 are 0");
    assertThat(problems(allowing("sources: ['10.0.0.0/33']"))).contains("a prefix of 0 to 32 bits");
    for (String source :
        new String[] {"localhost", "10.1", "010.0.0.1", "1.2.3.256", "fe80::1%1"}) {
      assertThat(problems(allowing("sources: ['" + source + "']")))
          .as(source)
          .contains("rules[0].sources[0]: expected an IPv4 or IPv6 address");
    }
  }

  private static SubjectCriterion of(String key, String line) {
    return (SubjectCriterion) CriterionSample.of(key, line);
  }

  private static PolicySubject from(String source) {
    return new PolicySubject(
        UNKNOWN.request(),
        UNKNOWN.key(),
        UNKNOWN.content(),
        UNKNOWN.wallet(),
        UNKNOWN.account(),
        Optional.of(
            new Origin(
                Credential.MUTUAL_TLS,
                Optional.of(IpAddress.parse(source)),
                Set.of("TRADER", "AUDITOR"))),
        List.of(),
        UNKNOWN.at());
  }
}
