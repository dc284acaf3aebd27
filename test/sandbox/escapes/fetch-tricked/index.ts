// The standard fetch as a way around this.http: other hosts, secrets as text, options that change while they are read.

import { BaseProtocol, EventType, type Secret } from 'chartwire/sdk';

export class Attack extends BaseProtocol {
  static override readonly RESPONDS_TO = [EventType.PATIENT_CREATED];
  declare readonly variables: { readonly TOKEN?: Secret };

  async compute() {
    const TOKEN = this.variables.TOKEN!;
    const home = 'https://example.org/';
    let reads = 0;
    const shifting = {
      toString: () => (reads++ === 0 ? home : 'http://169.254.169.254/latest'),
    } as unknown as string;
    const header = (name: string): Record<string, Secret> => ({ [name]: TOKEN });
    const ways: [what: string, () => Promise<Response>][] = [
      ['another host', () => fetch('https://example.net/')],
      ['a private address', () => fetch('http://127.0.0.1/')],
      ['a file', () => fetch('file:///etc/passwd')],
      ['data', () => fetch('data:text/plain,x')],
      ['a user in the address', () => fetch('https://a:b@example.org/')],
      ['a secret in the address', () => fetch(`${home}?key=${TOKEN}`)],
      ['a secret in a header that may not have it', () => fetch(home, { headers: header('x-other') })],
      ['a secret by another spelling', () => fetch(home, { headers: { ...header('x-other'), 'X-OTHER': 'x' } })],
      [
        'headers that hold secrets as text',
        () => fetch(home, { headers: new Headers(header('authorization') as never) }),
      ],
      ['a body that is an object', () => fetch(home, { method: 'POST', body: { TOKEN } as never })],
      ['a method of its own', () => fetch(home, { method: 'CONNECT' })],
      ['two lines in a header', () => fetch(home, { headers: { a: 'x\r\nauthorization: y' } })],
    ];
    for (const [what, way] of ways) {
      try {
        await way();
        this.log.error(`sent: ${what}`);
      } catch {
        // Refused, as it should be.
      }
    }
    // What is checked is what is sent.
    const answer = await fetch(shifting);
    const { url } = JSON.parse((await answer.text()).split('\n')[0]!) as { url: string };
    if (url !== home) this.log.error(`sent to ${url}`);
    const proxied = new Proxy(
      {},
      {
        get: () => 'x',
        ownKeys: () => ['method', 'body', 'method2'],
        getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
      },
    );
    await fetch(home, proxied).then(
      () => this.log.error('sent: a proxy'),
      () => {},
    );
    return [];
  }
}
