package dev.countersign.testenv.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Gives a test class the parts of the environment it asks for, as parameters of its constructor,
/// its test methods or its lifecycle methods. Only what is asked for is started. See
/// [TestEnvironment].
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(TestEnvironment.class)
public @interface WithTestEnvironment {}
