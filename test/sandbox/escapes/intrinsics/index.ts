// Changes what the loader and the other calls of the isolate rely on.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const targets: [object, string, unknown][] = [
      [JSON, 'stringify', () => '[]'],
      [globalThis, 'JSON', {}],
      [globalThis, 'Promise', class {}],
      [Array.prototype, 'join', () => 'x'],
      [Map.prototype, 'get', () => undefined],
      [Object.prototype, 'toJSON', () => 'x'],
      [Object.prototype, 'type', 'CREATE_TASK'],
      [Object.prototype, 'toString', () => 'x'],
      [Promise.prototype, 'then', () => {}],
      [Math, 'random', () => 4],
      [Error, 'prepareStackTrace', () => 'x'],
      [RegExp.prototype, 'exec', () => null],
    ];
    const ways: ((target: object, name: string, value: unknown) => void)[] = [
      (target, name, value) => Object.assign(target, { [name]: value }),
      (target, name, value) => Object.defineProperty(target, name, { value }),
      (target, name) => {
        if (name in target && !Reflect.deleteProperty(target, name)) throw new TypeError('not deleted');
        if (!(name in target)) throw new TypeError('nothing to delete');
      },
      (target) => {
        if (target !== globalThis) Object.setPrototypeOf(target, { constructor: null });
        else throw new TypeError('not tried');
      },
    ];
    for (const [target, name, value] of targets) {
      for (const [index, way] of ways.entries()) {
        try {
          way(target, name, value);
          this.log.error(`changed ${name} in way ${index}`);
        } catch {
          // As it should be.
        }
      }
    }
    return [];
  }
}
