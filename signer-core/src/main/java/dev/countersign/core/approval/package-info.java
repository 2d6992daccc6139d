/// What an approver signs, who may, and when there are enough of them. The statement is the same
/// bytes for whoever asks, shows, signs and counts; nothing here trusts where an approval came
/// from.
@NullMarked
package dev.countersign.core.approval;

import org.jspecify.annotations.NullMarked;
