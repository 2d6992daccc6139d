/// The JUnit 5 extension that hands the parts of the environment to tests.
@NullMarked
package dev.countersign.testenv.junit;

import org.jspecify.annotations.NullMarked;
