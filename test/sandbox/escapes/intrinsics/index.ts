// Changes what the loader and the other calls of the isolate rely on.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const world = globalThis as unknown as Record<string, unknown>;
    const changes: (() => void)[] = [
      () => void (JSON.stringify = () => '[]'),
      () => void (world.JSON = {}),
      () => void (world.Promise = class {}),
      () => void (Array.prototype.join = () => 'x'),
      () => void (Map.prototype.get = () => undefined),
      () => void ((Object.prototype as unknown as Record<string, unknown>).toJSON = () => 'x'),
      () => void Object.defineProperty(Object.prototype, 'type', { get: () => 'CREATE_TASK' }),
      () => void Object.defineProperty(Promise.prototype, 'then', { value: () => {} }),
      () => void (Object.prototype.toString = () => 'x'),
      () => void Object.setPrototypeOf(Array.prototype, null),
      () => void (Math.random = () => 4),
      () => void ((Error as unknown as Record<string, unknown>).prepareStackTrace = () => 'x'),
      () => void Object.defineProperty(RegExp.prototype, 'exec', { value: () => null }),
    ];
    for (const [index, change] of changes.entries()) {
      try {
        change();
        this.log.error(`changed: ${index}`);
      } catch {
        // As it should be.
      }
    }
    return [];
  }
}
