package dev.countersign.policy.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class YamlReaderPropertyTest {

  @Property(tries = 500)
  void anyBytesGiveATreeOrAProblem(@ForAll byte[] bytes) {
    Problems found = new Problems();
    Optional<YamlNode> read = YamlReader.read(bytes, found);
    assertThat(read.isPresent()).isEqualTo(found.isEmpty());
  }

  @Property(tries = 500)
  void anyTextGivesATreeOrAProblem(@ForAll String text) {
    Problems found = new Problems();
    Optional<YamlNode> read = YamlReader.read(text.getBytes(StandardCharsets.UTF_8), found);
    assertThat(read.isPresent()).isEqualTo(found.isEmpty());
  }
}
