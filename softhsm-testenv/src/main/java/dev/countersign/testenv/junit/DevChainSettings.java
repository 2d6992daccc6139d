package dev.countersign.testenv.junit;

import dev.countersign.testenv.chain.DevChainOptions;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What kind of chain a [dev.countersign.testenv.chain.DevChain] parameter is. On a class: all of
/// its parameters without their own. Parameters of one class with equal settings get the same
/// chain.
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.PARAMETER})
public @interface DevChainSettings {
  /// {@return the EIP-155 chain id}
  long chainId() default DevChainOptions.LOCAL_CHAIN_ID;

  /// {@return milliseconds between blocks, 100 or more; 0 makes a block per transaction, -1 none}
  long blockMillis() default 0;
}
