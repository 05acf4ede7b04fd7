/** The protobuf wire format, as far as a trace needs it (protobuf.dev, "Encoding"). */

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const TWO_32 = 4_294_967_296;

const texts = new TextEncoder();

/** One message under construction. Fields are written in the order of the calls. */
export class Message {
  private bytes = new Uint8Array(64);
  private length = 0;

  /** A whole number from 0 to 2^53. */
  varint(field: number, value: number): this {
    this.raw(field * 8 + VARINT);
    return this.raw(value);
  }

  /** A 64-bit word holding a whole number from 0 to 2^53. */
  fixed64(field: number, value: number): this {
    this.raw(field * 8 + FIXED64);
    this.room(8);
    const view = new DataView(this.bytes.buffer);
    view.setUint32(this.length, value % TWO_32, true);
    view.setUint32(this.length + 4, Math.floor(value / TWO_32), true);
    this.length += 8;
    return this;
  }

  /** Text, or a message inside this one. */
  nested(field: number, value: string | Message): this {
    const bytes = typeof value === 'string' ? texts.encode(value) : value.finish();
    this.raw(field * 8 + LENGTH).raw(bytes.length);
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  /** What was written so far. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private raw(value: number): this {
    this.room(10);
    let rest = value;
    // Shifts work on 32 bits only; timestamps and flows are longer.
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
    return this;
  }

  private room(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const wider = new Uint8Array(Math.max(this.bytes.length * 2, this.length + bytes));
    wider.set(this.bytes);
    this.bytes = wider;
  }
}
