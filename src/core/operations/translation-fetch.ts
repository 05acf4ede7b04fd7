import { PAGE_BYTES } from '../bytes.js';
import { OPERATION_FLAG } from '../flags.js';
import { OPERAND } from '../operands.js';
import type { Operation } from '../operation-context.js';

/**
 * Translation Fetch (specification 8.3.11): requests a translation at the start of the region and after every
 * stride, or every page without one; moves no data.
 */
export const translationFetch: Operation = (context) => {
  const { descriptor, source, space } = context;
  const strides = descriptor.has(OPERATION_FLAG.translation_fetch.use_stride);
  const step = strides ? descriptor.regionStrideBytes : PAGE_BYTES;
  for (let at = 0; at < descriptor.size; at += step) {
    if (space.isPresent(source + at)) continue;
    context.fault(OPERAND.source, source + at, false, at);
    return;
  }
};
