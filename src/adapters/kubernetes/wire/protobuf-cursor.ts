import { StringTable } from './string-table.ts';
import { WireError } from './wire-error.ts';

/** Wire types of protobuf. Groups (3 and 4) are not used by Kubernetes and refused. */
export const varintType = 0;
export const fixed64Type = 1;
export const bytesType = 2;
export const fixed32Type = 5;

const texts = new StringTable();

/**
 * A place in a protobuf message. Every read checks that it stays before `end`; what does not is a WireError.
 * The same end is narrowed and widened again by those who descend, so that a nested message cannot read past itself.
 */
export class ProtobufCursor {
  readonly bytes: Buffer;
  pos: number;
  end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    if (start < 0 || end > bytes.length || start > end)
      throw new RangeError('outside of the bytes');
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.pos = start;
    this.end = end;
  }

  /** A varint as a number; negative 64-bit ones come out negative, beyond 2^53 digits are lost. */
  varint(): number {
    const { bytes, end } = this;
    let pos = this.pos;
    if (pos >= end) throw new WireError('ends inside a number');
    let byte = bytes[pos++] as number;
    if (byte < 0x80) {
      this.pos = pos;
      return byte;
    }
    // Two halves of 32 bits: JavaScript shifts no further.
    let low = byte & 0x7f;
    let high = 0;
    for (let shift = 7; ; shift += 7) {
      if (pos >= end) throw new WireError('ends inside a number');
      if (shift > 63) throw new WireError('a number is longer than 64 bits');
      byte = bytes[pos++] as number;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) break;
    }
    this.pos = pos;
    return (high | 0) * 0x1_0000_0000 + (low >>> 0);
  }

  /** Length of what follows; the cursor is then at its first byte. */
  length(): number {
    const length = this.varint();
    if (length < 0 || length > this.end - this.pos) {
      throw new WireError(`a field claims ${length} bytes where ${this.end - this.pos} are left`);
    }
    return length;
  }

  string(): string {
    const length = this.length();
    const start = this.pos;
    this.pos = start + length;
    return texts.decode(this.bytes, start, this.pos);
  }

  /** Passes over the value of an unknown field. Nothing is descended into, so depth does not matter. */
  skip(wireType: number): void {
    switch (wireType) {
      case varintType:
        this.varint();
        return;
      case fixed64Type:
        this.advance(8);
        return;
      case bytesType:
        this.advance(this.length());
        return;
      case fixed32Type:
        this.advance(4);
        return;
      default:
        throw new WireError(`unknown wire type ${wireType}`);
    }
  }

  advance(by: number): void {
    if (by > this.end - this.pos) throw new WireError('ends inside a field');
    this.pos += by;
  }
}
