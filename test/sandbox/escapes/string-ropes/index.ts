// Ropes of strings that double, and are made flat again and again.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  compute() {
    const kept: number[] = [];
    for (;;) {
      let rope = 'ab';
      while (rope.length < 200_000_000) rope += rope;
      kept.push(rope.indexOf('c'), rope.charCodeAt(rope.length - 1));
    }
  }
}
