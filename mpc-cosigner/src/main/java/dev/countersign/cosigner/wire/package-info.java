/// How what is the cosigner's own is written: one form, with a version, read strictly.
@NullMarked
package dev.countersign.cosigner.wire;

import org.jspecify.annotations.NullMarked;
