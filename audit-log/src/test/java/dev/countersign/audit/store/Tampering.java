package dev.countersign.audit.store;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What a superuser does to a log of 700 entries whose triggers are off: entry `i` has the id
/// `i + 1`, and there is a checkpoint at 300 and at 700.
///
/// @param export whether files show it, to whoever kept the last checkpoint
/// @param start the index that a start names; where it does not find it, the scrub does
/// @param index that a verification names; nothing where a row without a place is what is wrong
record Tampering(
    String name, boolean export, OptionalLong start, OptionalLong index, List<String> statements) {
  private static Tampering of(
      String name, boolean export, boolean start, long index, String... statements) {
    OptionalLong named = OptionalLong.of(index);
    return new Tampering(
        name, export, start ? named : OptionalLong.empty(), named, List.of(statements));
  }

  @Override
  public String toString() {
    return name;
  }

  static Stream<Tampering> all() {
    return Stream.of(
        of(
            "an old entry is edited",
            true,
            false,
            41,
            "UPDATE audit.entry SET body = set_byte(body, 20, get_byte(body, 20) # 1) WHERE id ="
                + " 42"),
        of(
            "a new entry is edited",
            true,
            true,
            600,
            "UPDATE audit.entry SET body = set_byte(body, 20, get_byte(body, 20) # 1) WHERE id ="
                + " 601"),
        of("an entry is deleted", true, false, 41, "DELETE FROM audit.entry WHERE id = 42"),
        new Tampering(
            "an entry is put in with a low id",
            false,
            OptionalLong.empty(),
            OptionalLong.empty(),
            List.of(
                "INSERT INTO audit.entry (id, body) OVERRIDING SYSTEM VALUE VALUES (-5,"
                    + " 'forged')")),
        of(
            "two leaves are swapped",
            true,
            false,
            17,
            "DELETE FROM audit.leaf WHERE leaf_index IN (17, 18)",
            "INSERT INTO audit.leaf VALUES (17, 19, NULL, now()), (18, 18, NULL, now())"),
        of(
            "a leaf points to another entry",
            true,
            false,
            17,
            "INSERT INTO audit.entry (id, body) OVERRIDING SYSTEM VALUE VALUES (90000, 'forged')",
            "UPDATE audit.leaf SET entry_id = 90000 WHERE leaf_index = 17"),
        new Tampering(
            "all entries are gone",
            true,
            OptionalLong.of(512), // where the newest tile begins
            OptionalLong.of(0),
            List.of("UPDATE audit.sequencer SET one = true; TRUNCATE audit.entry")),
        of(
            "the end is cut off, but for the checkpoint",
            true,
            true,
            690,
            "DELETE FROM audit.entry WHERE id > 690",
            "DELETE FROM audit.leaf WHERE leaf_index >= 690",
            "UPDATE audit.tile SET hashes = substr(hashes, 1, 178 * 32)"
                + " WHERE level = 0 AND tile_index = 2",
            "UPDATE audit.sequencer SET tree_size = 690, highest_entry = 690"),
        of(
            "a hash is edited",
            true,
            false,
            258,
            "UPDATE audit.tile SET hashes = set_byte(hashes, 70, get_byte(hashes, 70) # 1)"
                + " WHERE level = 0 AND tile_index = 1"),
        of(
            "a new hash is edited",
            true,
            true,
            514,
            "UPDATE audit.tile SET hashes = set_byte(hashes, 70, get_byte(hashes, 70) # 1)"
                + " WHERE level = 0 AND tile_index = 2"),
        of(
            "a tile is deleted",
            true,
            false,
            256,
            "DELETE FROM audit.tile WHERE level = 0 AND tile_index = 1"),
        of(
            "a tile has hashes too many",
            false,
            false,
            512,
            "UPDATE audit.tile SET hashes = hashes || substr(hashes, 1, 32)"
                + " WHERE level = 0 AND tile_index = 2"),
        of(
            "the newest checkpoint is deleted",
            true,
            true,
            300,
            "DELETE FROM audit.checkpoint WHERE tree_size = 700"),
        of(
            "an old checkpoint is edited",
            false,
            false,
            300,
            "UPDATE audit.checkpoint SET note = replace(note, E'\\n300\\n', E'\\n299\\n')"
                + " WHERE tree_size = 300"),
        of(
            "the newest checkpoint is edited",
            false, // found, and without an index: nothing that it says is true
            true,
            700,
            "UPDATE audit.checkpoint SET note = replace(note, E'\\n700\\n', E'\\n699\\n')"
                + " WHERE tree_size = 700"),
        of(
            "the sequencer is set back",
            false,
            true,
            300,
            "UPDATE audit.sequencer SET tree_size = 300, highest_entry = 300"),
        of(
            "the sequencer is set ahead",
            false,
            true,
            700,
            "UPDATE audit.sequencer SET tree_size = 800, highest_entry = 800"),
        of(
            "a leaf is put beyond the tree",
            false,
            true,
            700,
            "INSERT INTO audit.entry (id, body) OVERRIDING SYSTEM VALUE VALUES (-5, 'forged')",
            "INSERT INTO audit.leaf VALUES (700, -5, NULL, now())"),
        of(
            "an entry is hidden from its request",
            false,
            false,
            8,
            "UPDATE audit.leaf SET request = gen_random_uuid() WHERE leaf_index = 8"));
  }
}
