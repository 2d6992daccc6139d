package dev.countersign.server.settings;

import dev.countersign.audit.checkpoint.InvalidNoteException;
import dev.countersign.audit.checkpoint.WitnessKey;
import dev.countersign.audit.checkpoint.WitnessPolicy;
import dev.countersign.audit.witness.WitnessEndpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/// @param policy whose cosignatures a checkpoint needs before it is given out
/// @param endpoints where they are asked
public record WitnessSettings(WitnessPolicy policy, List<WitnessEndpoint> endpoints) {
  static final WitnessSettings NONE = new WitnessSettings(WitnessPolicy.NONE, List.of());

  public WitnessSettings {
    endpoints = List.copyOf(endpoints);
  }

  static WitnessSettings read(Section section) {
    List<WitnessEndpoint> endpoints = new ArrayList<>();
    for (Section one : section.sections("of")) {
      endpoints.add(endpoint(one));
    }
    int quorum = section.integer("quorum", 1, endpoints.size());
    section.end();
    try {
      return new WitnessSettings(
          WitnessPolicy.of(quorum, endpoints.stream().map(WitnessEndpoint::key).toList()),
          endpoints);
    } catch (InvalidNoteException e) {
      throw section.wrong("of", String.valueOf(e.getMessage()));
    }
  }

  private static WitnessEndpoint endpoint(Section section) {
    WitnessKey key;
    try {
      key = WitnessKey.parse(section.text("key"));
    } catch (InvalidNoteException e) {
      throw section.wrong("key", String.valueOf(e.getMessage()));
    }
    try {
      WitnessEndpoint endpoint = new WitnessEndpoint(key, new URI(section.text("url")));
      section.end();
      return endpoint;
    } catch (URISyntaxException | InvalidNoteException e) {
      throw section.wrong("url", String.valueOf(e.getMessage()));
    }
  }
}
