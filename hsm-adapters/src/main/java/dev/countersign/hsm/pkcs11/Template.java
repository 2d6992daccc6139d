package dev.countersign.hsm.pkcs11;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// Attributes of an object to make or to find: an array of `CK_ATTRIBUTE`.
final class Template {
  /// `CK_ATTRIBUTE`: type, pointer, length, of 8 bytes each where `unsigned long` has 8.
  static final long ENTRY_SIZE = 24;

  static final long POINTER_OFFSET = 8;
  static final long LENGTH_OFFSET = 16;

  private final Map<Attribute, byte[]> values;

  private Template(Map<Attribute, byte[]> values) {
    this.values = values;
  }

  /// Objects of `CKO_` class `type` that live on the token.
  static Template ofTokenObject(long type) {
    return new Template(Collections.emptyMap())
        .with(Attribute.CLASS, type)
        .with(Attribute.TOKEN, true);
  }

  Template with(Attribute attribute, boolean value) {
    return with(attribute, new byte[] {(byte) (value ? 1 : 0)});
  }

  Template with(Attribute attribute, long value) {
    return with(
        attribute,
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(value).array());
  }

  Template with(Attribute attribute, byte[] value) {
    Map<Attribute, byte[]> more = new EnumMap<>(Attribute.class);
    more.putAll(values);
    more.put(attribute, value.clone());
    return new Template(more);
  }

  int size() {
    return values.size();
  }

  MemorySegment in(Arena arena) {
    MemorySegment array = arena.allocate(ENTRY_SIZE * size(), Long.BYTES);
    long offset = 0;
    for (Map.Entry<Attribute, byte[]> entry : values.entrySet()) {
      byte[] value = entry.getValue();
      array.set(ValueLayout.JAVA_LONG, offset, entry.getKey().type());
      array.set(
          ValueLayout.ADDRESS,
          offset + POINTER_OFFSET,
          arena.allocateFrom(ValueLayout.JAVA_BYTE, value));
      array.set(ValueLayout.JAVA_LONG, offset + LENGTH_OFFSET, value.length);
      offset += ENTRY_SIZE;
    }
    return array;
  }
}
