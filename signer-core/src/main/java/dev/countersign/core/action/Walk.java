package dev.countersign.core.action;

import dev.countersign.core.action.Deed.ContractCall;
import dev.countersign.core.action.Deed.DelegateCall;
import dev.countersign.core.action.Deed.NativeTransfer;
import dev.countersign.core.model.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lists what a payload does, each before what it carries.
final class Walk {
  static final int MOST_LEVELS = 8;
  static final int MOST_ACTIONS = 256;

  private final List<Action> actions = new ArrayList<>();

  /// All that one call does, and what goes along with it.
  ///
  /// @param besides in places behind all that the call carries
  static Unpacking of(Call call, List<Step.Does> besides) {
    return of(
        walk -> {
          walk.call(List.of(), call);
          walk.besides(besides);
        });
  }

  /// All that a payload does whose root is `deed`.
  static Unpacking of(Address account, Deed deed, List<? extends Step> within) {
    return of(
        walk -> {
          walk.add(List.of(), account, deed);
          walk.steps(List.of(), within);
        });
  }

  private interface Route {
    void walk(Walk walk) throws OpaqueException;
  }

  private static Unpacking of(Route route) {
    try {
      Walk walk = new Walk();
      route.walk(walk);
      return new Unpacking.Unpacked(walk.actions);
    } catch (OpaqueException e) {
      return e.opaque();
    }
  }

  private void besides(List<Step.Does> besides) throws OpaqueException {
    int last = (int) actions.stream().filter(action -> action.path().size() == 1).count();
    for (Step.Does each : besides) {
      last++;
      step(List.of(last), each);
    }
  }

  private void step(List<Integer> path, Step step) throws OpaqueException {
    switch (step) {
      case Step.Calls(Call call) -> call(path, call);
      case Step.Delegates delegates -> delegate(path, delegates);
      case Step.Does(Address account, Deed deed) -> add(path, account, deed);
    }
  }

  private void steps(List<Integer> path, List<? extends Step> steps) throws OpaqueException {
    for (int i = 0; i < steps.size(); i++) {
      step(below(path, i + 1), steps.get(i));
    }
  }

  private void call(List<Integer> path, Call call) throws OpaqueException {
    if (call.data().isEmpty()) {
      add(path, call.account(), new NativeTransfer(call.to(), call.value()));
      return;
    }
    if (call.data().size() < Call.SELECTOR_SIZE) {
      throw new OpaqueException(
          "call %s: expected no data or a selector of 4 bytes at least, got %s"
              .formatted(place(path), call.data()));
    }
    Optional<KnownFunction> known = KnownFunctions.of(call.selector());
    if (known.isEmpty()) {
      addCall(path, call);
      return;
    }
    switch (known.get().read(call)) {
      case Meaning.Carries(List<Step> steps) -> {
        addCall(path, call);
        steps(path, steps);
      }
      case Meaning.Is(Deed deed, List<Step> within) -> {
        List<Integer> at = path;
        if (call.pays()) {
          addCall(path, call);
          at = below(path, 1);
        }
        add(at, call.account(), deed);
        steps(at, within);
      }
    }
  }

  private void delegate(List<Integer> path, Step.Delegates delegates) throws OpaqueException {
    add(path, delegates.account(), new DelegateCall(delegates.target(), delegates.data()));
    if (MultiSend.isCalledBy(delegates.data())) {
      steps(path, MultiSend.stepsOfCallData(delegates.account(), delegates.data()));
    }
  }

  private void addCall(List<Integer> path, Call call) throws OpaqueException {
    add(path, call.account(), new ContractCall(call.to(), call.value(), call.data()));
  }

  private void add(List<Integer> path, Address account, Deed deed) throws OpaqueException {
    if (path.size() > MOST_LEVELS) {
      throw new OpaqueException(
          "expected at most %d levels of calls, got more at %s"
              .formatted(MOST_LEVELS, place(path)));
    }
    if (actions.size() == MOST_ACTIONS) {
      throw new OpaqueException("expected at most %d actions, got more".formatted(MOST_ACTIONS));
    }
    actions.add(new Action(path, account, deed));
  }

  private static List<Integer> below(List<Integer> path, int number) {
    List<Integer> longer = new ArrayList<>(path);
    longer.add(number);
    return longer;
  }

  private static String place(List<Integer> path) {
    return path.isEmpty()
        ? "of the payload itself"
        : String.join(".", path.stream().map(String::valueOf).toList());
  }
}
