package dev.countersign.audit.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a witness policy in the text form of C2SP tlog-policy:
///
/// ```
/// witness w1 <key>
/// witness w2 <key>
/// witness w3 <key>
/// group any-two 2 w1 w2 w3
/// quorum any-two
/// ```
///
/// A group's threshold is a number, `all` or `any`; its members are witnesses and groups of the
/// lines before. URLs after keys, empty lines, and lines that begin with `#` are passed over.
/// `log` lines are checked and kept: see [#logs].
public final class WitnessPolicyFile {
  private static final String NONE = "none";

  private final Map<String, Quorum> named = new HashMap<>();
  private final Set<String> used = new HashSet<>();
  private final List<WitnessKey> witnesses = new ArrayList<>();
  private final List<VerifierKey> logs = new ArrayList<>();
  private @Nullable Quorum quorum;

  private WitnessPolicyFile() {}

  /// @throws InvalidNoteException when it is no policy, with the number of the line
  public static WitnessPolicyFile parse(String text) {
    WitnessPolicyFile file = new WitnessPolicyFile();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].replace('\t', ' ').strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        file.read(line.split(" +"));
      } catch (InvalidNoteException e) {
        throw new InvalidNoteException("line %d: %s".formatted(i + 1, e.getMessage()));
      }
    }
    if (file.quorum == null) {
      throw InvalidNoteException.of("a witness policy", "a line: quorum NAME", "none");
    }
    var _ = file.policy(); // no key is there twice
    return file;
  }

  /// The policy.
  public WitnessPolicy policy() {
    return new WitnessPolicy(quorum == null ? new Quorum.None() : quorum, witnesses);
  }

  /// The keys of the logs that the policy is for; empty when it does not say.
  public List<VerifierKey> logs() {
    return List.copyOf(logs);
  }

  private void read(String[] words) {
    switch (words[0]) {
      case "log" -> {
        expect(words.length == 2 || words.length == 3, "log KEY [URL]", words);
        logs.add(VerifierKey.parse(words[1]));
      }
      case "witness" -> {
        expect(words.length == 3 || words.length == 4, "witness NAME KEY [URL]", words);
        WitnessKey key = WitnessKey.parse(words[2]);
        witnesses.add(key);
        name(words[1], new Quorum.Witness(key));
      }
      case "group" -> {
        expect(words.length >= 4, "group NAME THRESHOLD MEMBER...", words);
        name(words[1], group(words));
      }
      case "quorum" -> {
        expect(words.length == 2 && quorum == null, "one line: quorum NAME", words);
        quorum = words[1].equals(NONE) ? new Quorum.None() : known(words[1]);
      }
      default -> expect(false, "log, witness, group or quorum", words);
    }
  }

  private Quorum group(String[] words) {
    List<Quorum> members = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 3; i < words.length; i++) {
      expect(names.add(words[i]), "each member once", words);
      members.add(known(words[i]));
    }
    int threshold =
        switch (words[2]) {
          case "all" -> members.size();
          case "any" -> 1;
          default -> {
            expect(words[2].matches("[1-9][0-9]{0,2}"), "a threshold: a number, all or any", words);
            yield Integer.parseInt(words[2]);
          }
        };
    return new Quorum.Group(threshold, members);
  }

  private void name(String name, Quorum quorumOfIt) {
    if (name.equals(NONE) || named.putIfAbsent(name, quorumOfIt) != null) {
      throw InvalidNoteException.of("a name", "one that is not taken", name);
    }
  }

  /// Each name serves once: a witness adds to the quorum in one way only.
  private Quorum known(String name) {
    Quorum found = named.get(name);
    if (found == null || !used.add(name)) {
      throw InvalidNoteException.of(
          "a member", "a witness or group of a line before, in one place only", name);
    }
    return found;
  }

  private static void expect(boolean holds, String expected, String[] words) {
    if (!holds) {
      throw InvalidNoteException.of("a line of a policy", expected, String.join(" ", words));
    }
  }
}
