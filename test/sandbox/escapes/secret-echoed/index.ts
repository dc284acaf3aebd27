// Has a secret echoed by a host that may be sent it, in every form that the host knows.

import { BaseProtocol, basicAuth, bearer, EventType, type Secret } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const secret = this.variables.TOKEN as Secret;
    const answers = [
      await this.http.get('https://example.org/', { authorization: bearer(secret) }),
      await this.http.get('https://example.org/', { authorization: basicAuth('user', secret) }),
      await this.http.post('https://example.org/', { deep: [{ secret }], beside: 'it' }),
      await this.http.fetch('https://example.org/', { method: 'POST', form: { secret } }),
      await this.http.fetch('https://example.org/', { query: { key: secret } }),
    ];
    const seen = answers.map((answer) => `${answer.text()} ${JSON.stringify(answer.headers)}`).join(' ');
    if (!seen.includes('[redacted TOKEN]')) this.log.error('nothing was echoed');
    if (/hunter-two|aHVudGVy|68756e746572|dXNlcjpodW/i.test(seen)) this.log.error(seen);
    this.log.info(seen);
    return [];
  }
}
