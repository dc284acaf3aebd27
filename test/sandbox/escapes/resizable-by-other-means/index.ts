// Ways to a resizable buffer that don't name it.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const options = { maxByteLength: 1_000_000_000 };
    const constructors = [
      new Uint8Array(8).buffer.constructor,
      Object.getPrototypeOf(class extends ArrayBuffer {}),
      (ArrayBuffer as unknown as Record<symbol, unknown>)[Symbol.species],
      class extends ArrayBuffer {},
    ] as (new (
      size: number,
      options: object,
    ) => object)[];
    for (const Constructor of constructors) {
      for (const make of [
        () => new Constructor(8, options),
        () => Reflect.construct(Constructor, [8, options], Uint8Array),
      ]) {
        try {
          const made = make();
          if ((made as { resizable?: boolean }).resizable) this.log.error('a resizable buffer was made');
        } catch {
          // Refused.
        }
      }
    }
    const moved = new ArrayBuffer(8).transfer(16);
    if ((moved as { resizable?: boolean }).resizable) this.log.error('a buffer became resizable');
  }
}
