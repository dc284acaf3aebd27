// Has the host that it sends a secret to redirect the request to an address made of it.

import { BaseProtocol, bearer, EventType, type Secret } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const authorization = bearer(this.variables.TOKEN as Secret);
    for (const how of ['host', 'upper', 'query', 'path', 'base64', 'user']) {
      const answered = this.http.get(`https://example.org/redirect/${how}`, { authorization });
      const seen = await answered.then(
        (answer) => answer.text(),
        (error: Error) => error.message,
      );
      if (!/by an address that holds a secret/.test(seen)) this.log.error(`${how}: ${seen}`);
    }
    return [];
  }
}
