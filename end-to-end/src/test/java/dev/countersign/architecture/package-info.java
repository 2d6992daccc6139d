/// Rules about the shape of the code, read from the classes that the build made.
///
/// [Module] is the table of module arrows; `ModuleArrowsTest` holds classes and poms against it;
/// `CodeRulesTest` has the rules that are not about modules. `build/gates-bite` seeds a violation
/// of each rule and sees it go red.
@NullMarked
package dev.countersign.architecture;

import org.jspecify.annotations.NullMarked;
