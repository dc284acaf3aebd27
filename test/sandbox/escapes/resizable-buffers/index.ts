// Memory that is reserved at once and filled later, outside of what the engine counts.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const Resizable = ArrayBuffer as unknown as new (
      size: number,
      options: object,
    ) => ArrayBuffer & { resize(size: number): void };
    const kept: Uint8Array[] = [];
    for (let n = 0; n < 64; n++) {
      const buffer = new Resizable(1, { maxByteLength: 1_000_000_000 });
      for (let size = 1_000_000; size <= 100_000_000; size += 1_000_000) {
        buffer.resize(size);
        new Uint8Array(buffer).fill(1);
      }
      kept.push(new Uint8Array(buffer));
    }
    return [{ type: 'KEPT', payload: kept.length }];
  }
}
