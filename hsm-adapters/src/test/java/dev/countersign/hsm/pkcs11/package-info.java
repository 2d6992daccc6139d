@NullMarked
package dev.countersign.hsm.pkcs11;

import org.jspecify.annotations.NullMarked;
