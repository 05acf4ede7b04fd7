/**
 * Zero, which V8 holds as a double. A field that starts with the literal 0 is one of small integers for V8; its first time past
 * 2^31 ps (2 ms) makes V8 give the objects of the class another layout, and throw away the code that knew the one before. So
 * fields of classes whose objects are many or often used start with this when they will hold times, addresses or large sums.
 * It is a quotient that underflows, since the literal would be a small integer again.
 */
export const DOUBLE_ZERO: number = Number.MIN_VALUE / 2;
