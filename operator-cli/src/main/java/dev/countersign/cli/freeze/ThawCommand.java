package dev.countersign.cli.freeze;

import picocli.CommandLine.Command;

/// `countersign thaw`.
@Command(
    name = "thaw",
    description = {
      "Lifts a freeze: each approver signs, and whoever has all signatures sends them.",
      "Who has to sign is in the policy, under freeze.thaw."
    },
    subcommands = {SignThawCommand.class, SendThawCommand.class})
public final class ThawCommand {}
