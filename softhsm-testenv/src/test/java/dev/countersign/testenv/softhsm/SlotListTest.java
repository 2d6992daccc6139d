package dev.countersign.testenv.softhsm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotListTest {
  private static final String SHOWN =
      """
      Available slots:
      Slot 1588272959
          Slot info:
              Description:      SoftHSM slot ID 0x5eab1f3f
              Token present:    yes
          Token info:
              Initialized:      yes
              Label:            hot vault
      Slot 7
          Token info:
              Label:            cold
      Slot 8
          Token info:
              Initialized:      no
              Label:
      """;

  @Test
  void findsTheSlotOfALabel() {
    assertThat(SlotList.slotOf(SHOWN, "hot vault")).hasValue(1588272959L);
    assertThat(SlotList.slotOf(SHOWN, "cold")).hasValue(7);
  }

  @Test
  void takesNoOtherForIt() {
    assertThat(SlotList.slotOf(SHOWN, "hot")).isEmpty();
    assertThat(SlotList.slotOf("", "cold")).isEmpty();
  }
}
