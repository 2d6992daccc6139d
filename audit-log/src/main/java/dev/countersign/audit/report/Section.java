package dev.countersign.audit.report;

import java.util.List;

/// A table of the report, and a file.
enum Section {
  SIGNATURES(
      "signatures",
      "Signatures",
      "Every transaction that a key signed, with what was asked for and the rule that allowed it.",
      "index time request request_digest client wallet chain kind to token value policy rule"
          + " admitted_index nonce transaction_hash"),
  DECISIONS(
      "decisions",
      "Decisions",
      "Every request that was judged: the deciding rule, what policy observed, and what each rule"
          + " said.",
      "index time verdict request request_digest client authentication wallet chain kind to token"
          + " value data policy policy_hash rule reason asset amount gas_cost limits outcomes"),
  REFUSALS(
      "refusals",
      "Refused requests",
      "Everything that was asked for and not done: denied by policy, not judged, or turned away"
          + " before there was a request.",
      "index time type request client authentication subject client_request_id code field_or_rule"
          + " reason"),
  POLICY_CHANGES(
      "policy-changes",
      "Policy changes",
      "Every policy that came into force.",
      "index time actor authentication policy policy_hash"),
  FAILURES(
      "failures",
      "Other failures",
      "What went wrong after a request was allowed: ended without effect, reverted on chain, or"
          + " mined in a block that was replaced.",
      "index time type request actor chain transaction_hash reason"),
  SETTLEMENT(
      "settlement",
      "On chain",
      "What became of the signed transactions.",
      "index time type request chain nonce transaction_hash block_number block_hash succeeded"),
  OTHER(
      "other",
      "Keys, wallets, vaults, freezes and the service",
      "Every other entry of the period.",
      "index time type actor authentication subject details"),
  ACTORS(
      "actors",
      "Who acted",
      "Every person, program and part of the service that an entry of the period names as the one"
          + " who did it.",
      "kind actor authentication entries first_index last_index"),
  UNREADABLE(
      "unreadable",
      "Entries that could not be read",
      "Entries of the log, of whatever time, that are of a type or version which the maker of this"
          + " report did not know. They may belong to the period.",
      "index leaf_hash bytes");

  private final String file;
  private final String title;
  private final String about;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes lists that cannot be changed
  private final List<String> columns;

  Section(String name, String title, String about, String columns) {
    this.file = name + ".csv";
    this.title = title;
    this.about = about;
    this.columns = List.of(columns.split(" "));
  }

  /// The name of its file.
  String file() {
    return file;
  }

  String title() {
    return title;
  }

  /// One sentence or two for people.
  String about() {
    return about;
  }

  List<String> columns() {
    return columns;
  }
}
