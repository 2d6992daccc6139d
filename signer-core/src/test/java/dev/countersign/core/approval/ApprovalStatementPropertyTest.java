package dev.countersign.core.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.core.model.Bytes;
import dev.countersign.core.model.InvalidValueException;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ApprovalStatementPropertyTest {
  @Provide
  Arbitrary<ApprovalStatement> statements() {
    return ApprovalArbitraries.statements();
  }

  @Property(tries = 300)
  void isReadBack(@ForAll("statements") ApprovalStatement statement) {
    assertThat(ApprovalStatement.parse(statement.bytes())).isEqualTo(statement);
    assertThat(statement.text()).matches("([ -~]+\n){18,21}");
  }

  /// No two statements share their bytes, and no byte is without meaning.
  @Property(tries = 300)
  void anotherByteIsAnotherStatementOrNone(
      @ForAll("statements") ApprovalStatement statement,
      @ForAll @IntRange(min = 0, max = 1_000_000) int place,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] bytes = statement.bytes().toArray();
    bytes[place % bytes.length] ^= (byte) change;
    try {
      assertThat(ApprovalStatement.parse(Bytes.of(bytes))).isNotEqualTo(statement);
    } catch (InvalidValueException e) {
      assertThat(e).hasMessageContaining("expected");
    }
  }

  /// Whatever the bytes, there is a statement or a reason.
  @Property(tries = 300)
  void readsAnyBytes(@ForAll byte[] bytes) {
    assertThatThrownBy(() -> ApprovalStatement.parse(Bytes.of(bytes)))
        .isInstanceOf(InvalidValueException.class);
  }
}
