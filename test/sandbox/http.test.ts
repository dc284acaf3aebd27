import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Refusal } from '#kit/errors.ts';
import type { SecretText } from '#kit/secret-text.ts';
import { isPublicAddress } from '#plugin-host/addresses.ts';
import { createPluginHttp, type HttpOptions, type OutgoingRequest } from '#plugin-host/http.ts';
import { parseManifest } from '#plugin-host/manifest.ts';
import type { HttpAsk } from '#plugin-host/protocol.ts';

const manifest = (...network: string[]) => {
  const sendTo = network.map((host) => ({ host, in: ['header:x-key', 'signature:x-signed', 'query:key', 'body'] }));
  const variables = [{ name: 'KEY', sensitive: true, sendTo: sendTo.filter(({ host }) => !host.startsWith('*')) }];
  return parseManifest({ name: 'p', version: '1.0.0', description: '', entry: 'index.ts', network, variables });
};

interface Asked {
  readonly url: string;
  readonly method?: string;
  readonly query?: HttpAsk['query'];
  readonly headers?: Readonly<Record<string, SecretText>>;
  readonly body?: HttpAsk['body'];
}

const ask = ({ url, method = 'GET', query = [], headers = {}, body = null }: Asked): HttpAsk => ({
  kind: 'http',
  method,
  url,
  query,
  headers: Object.entries(headers),
  body,
});

const reason = (error: unknown): string => {
  assert.ok(error instanceof Refusal, String(error));
  return `${error.code}: ${error.message}`;
};

/** Why the request is refused; fails when it is not. */
async function refusal(asked: Asked, network: string[], options: HttpOptions = {}, secrets = {}): Promise<string> {
  const answered = createPluginHttp(options).request(ask(asked), manifest(...network), secrets);
  return answered.then((answer) => assert.fail(`answered ${answer.status}`), reason);
}

describe('the addresses a plugin may reach', () => {
  const notPublic = [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.8.8.8', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.8', '192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::10.0.0.1', 'fc00::1', 'fd12:3456::1', 'fe80::1'],
    ...['fe80::1%eth0', 'fec0::1', 'ff02::1', '2001:0:1::1', '2001:db8::1', '2002:7f00:1::1', 'localhost', ''],
  ];
  test('are public ones only', () => {
    for (const address of notPublic) assert.equal(isPublicAddress(address), false, address);
    for (const address of ['8.8.8.8', '1.1.1.1', '100.128.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1']) {
      assert.equal(isPublicAddress(address), true, address);
    }
  });

  const literal: [url: string, host: string][] = [
    ['https://127.0.0.1/', '127.0.0.1'],
    ['https://2130706433/', '127.0.0.1'],
    ['https://0x7f.1/', '127.0.0.1'],
    ['https://169.254.169.254/latest', '169.254.169.254'],
    ['https://10.0.0.1:8443/', '10.0.0.1:8443'],
  ];
  for (const [url, host] of literal) {
    test(`${url} is refused although the manifest names it`, async () => {
      assert.match(await refusal({ url }, [host]), /host\.http: .*its address is private/);
    });
  }

  const resolved: [what: string, addresses: string[]][] = [
    ['a private address', ['10.0.0.1']],
    ['a public and a private address', ['8.8.8.8', '127.0.0.1']],
    ['an IPv4 address in IPv6', ['::ffff:169.254.169.254']],
  ];
  for (const [what, addresses] of resolved) {
    test(`a name with ${what} is refused`, async () => {
      const options = { resolve: async () => addresses };
      const refused = await refusal({ url: 'https://api.example.org/' }, ['api.example.org'], options);
      assert.match(refused, /its address is private/);
    });
  }

  test('a name is resolved once, and connected to where it was looked', async () => {
    let asked = 0;
    const resolve = async () => [asked++ === 0 ? '192.0.2.1' : '127.0.0.1'];
    await refusal({ url: 'https://rebinding.example.org/' }, ['rebinding.example.org'], { resolve });
    assert.equal(asked, 1);
  });
});

describe('the hosts a plugin may reach', () => {
  const send = async () => ({ status: 204, headers: {}, body: '' });
  const named: [url: string, network: string[]][] = [
    ['https://api.example.org/x', ['api.example.org']],
    ['https://API.example.org/x', ['api.example.org']],
    ['https://a.b.example.org/', ['*.example.org']],
    ['https://api.example.org:8443/', ['api.example.org:8443']],
    ['https://api.example.org/', ['api.example.org:443']],
  ];
  for (const [url, network] of named) {
    test(`${url} is one of ${network}`, async () => {
      const { status } = await createPluginHttp({ send }).request(ask({ url }), manifest(...network), {});
      assert.equal(status, 204);
    });
  }

  const notNamed: [url: string, network: string[]][] = [
    ['https://example.org/', []],
    ['https://example.org/', ['*.example.org']],
    ['https://evil-example.org/', ['*.example.org']],
    ['https://api.example.org.evil.test/', ['api.example.org']],
    ['https://api.example.org:8443/', ['api.example.org']],
    ['https://evil.test/?https://api.example.org/', ['api.example.org']],
    ['https://api.example.org@evil.test/', ['api.example.org']],
    ['https://api.example.org./', ['api.example.org']],
    ['file:///etc/passwd', ['api.example.org']],
    ['data:text/plain,x', ['api.example.org']],
  ];
  for (const [url, network] of notNamed) {
    test(`${url} is none of ${JSON.stringify(network)}`, async () => {
      assert.match(await refusal({ url }, network, { send }), /host\.forbidden: The plugin may not reach/);
    });
  }

  test('are reached by https, without a name and password in the address', async () => {
    assert.match(
      await refusal({ url: 'http://api.example.org/' }, ['api.example.org'], { send }),
      /only https is used/,
    );
    assert.match(await refusal({ url: 'https://a:b@api.example.org/' }, ['api.example.org'], { send }), /a user name/);
    assert.match(await refusal({ url: '/relative' }, ['api.example.org'], { send }), /not a whole URL/);
    const odd = { url: 'https://api.example.org/', method: 'CONNECT' };
    assert.match(await refusal(odd, ['api.example.org'], { send }), /CONNECT is not a method/);
  });
});

describe('a request over the network', () => {
  const seen: IncomingMessage[] = [];
  const bodies: string[] = [];
  let answer: RequestListener = (_, response) => response.end('fine');
  const server = createServer((request, response) => {
    seen.push(request);
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(body);
      answer(request, response);
    });
  });
  let place: string;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** As the operator allows it. */
  const send = (asked: Omit<Asked, 'url'> & { path?: string }, secrets: Record<string, string> = {}) => {
    const url = `http://${place}${asked.path ?? '/'}`;
    return createPluginHttp({ allowPrivate: [place] }).request(ask({ ...asked, url }), manifest(place), secrets);
  };

  test('is made and answered', async () => {
    answer = (_, response) => response.writeHead(201, { 'X-Answer': 'yes', 'Set-Cookie': 'a=1' }).end('ünïcode');
    const headers = { 'content-type': 'text/plain', Host: 'evil.test', 'Transfer-Encoding': 'chunked' };
    const { status, headers: given, body } = await send({ method: 'POST', path: '/a?b=c', headers, body: 'hello' });
    assert.deepEqual([status, given['x-answer'], given['set-cookie'], body], [201, 'yes', undefined, 'ünïcode']);
    const request = seen.at(-1)!;
    assert.deepEqual([request.method, request.url, request.headers.host], ['POST', '/a?b=c', place]);
    assert.equal(request.headers['content-type'], 'text/plain');
    assert.equal(request.headers['transfer-encoding'], undefined);
    assert.equal(bodies.at(-1), 'hello');
  });

  test('is read in the charset it names, and refused where its letters would be lost', async () => {
    const latin = Buffer.from('"Müller"', 'latin1');
    answer = (_, response) => response.writeHead(200, { 'content-type': 'text/csv; charset=ISO-8859-1' }).end(latin);
    assert.equal((await send({})).body, '"Müller"');
    for (const type of [
      'application/json',
      'application/fhir+json; charset=utf-8',
      'text/plain; charset=klingon',
      '',
    ]) {
      answer = (_, response) => response.writeHead(200, type ? { 'content-type': type } : {}).end(latin);
      await assert.rejects(send({}), (error) => /the answer is not in (utf-8|klingon)/.test(reason(error)), type);
    }
    answer = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('\ufeff{"a":1.0}');
    assert.equal((await send({})).body, '{"a":1.0}');
    answer = (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([0x89, 0x50]));
    assert.equal((await send({})).status, 200);
  });

  test('follows three redirects, and no more', async () => {
    answer = (request, response) => {
      const left = Number(request.url!.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    };
    assert.equal((await send({ path: '/3' })).body, 'there');
    await assert.rejects(send({ path: '/4' }), (error) => /redirected more than 3 times/.test(reason(error)));
  });

  test('is not redirected to a host that is not named', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end();
    await assert.rejects(send({}), (error) => /host\.forbidden: .*169\.254\.169\.254/.test(reason(error)));
  });

  test('keeps its method and body for 307 and 308, and is a GET after 303', async () => {
    for (const [status, expected] of [
      [307, ['PUT', 'kept']],
      [308, ['PUT', 'kept']],
      [303, ['GET', '']],
    ] as const) {
      answer = (request, response) =>
        request.url === '/' ? response.writeHead(status, { location: '/next' }).end() : response.end();
      await send({ method: 'PUT', body: 'kept' });
      assert.deepEqual([seen.at(-1)!.method, bodies.at(-1)], expected);
    }
  });

  test('is ended when the answer is too large, or does not come', { timeout: 180_000 }, async () => {
    answer = (_, response) => {
      const chunk = Buffer.alloc(100_000, 'x');
      const more = (): void => {
        while (response.write(chunk));
        response.once('drain', more);
      };
      more();
    };
    await assert.rejects(send({}), (error) => /larger than 2000000 bytes/.test(reason(error)));
    await assert.rejects(send({ method: 'POST', body: 'x'.repeat(1_000_001) }), (error) =>
      /the body is larger than 1000000 bytes/.test(reason(error)),
    );
    answer = () => {};
    await assert.rejects(send({}), (error) => /no answer within 10 s/.test(reason(error)));
  });

  test('that cannot be made says why in words of our own', async () => {
    answer = (_, response) => response.socket?.destroy();
    await assert.rejects(send({}), (error) => /host\.http: .*closed the connection/.test(reason(error)));
    await assert.rejects(send({ headers: { 'x-bad': 'a\r\nb: c' } }), (error) =>
      /the header x-bad has a line break/.test(reason(error)),
    );
    const options = { allowPrivate: ['127.0.0.1:1'] };
    assert.match(await refusal({ url: 'http://127.0.0.1:1/' }, ['127.0.0.1:1'], options), /does not listen/);
  });
});

describe('a redirect to another named host', () => {
  const sent: OutgoingRequest[] = [];
  const to = (status: number, location = 'https://b.example.org/') => ({
    send: async (request: OutgoingRequest) => {
      sent.push(request);
      const away = { status, headers: { location }, body: '' };
      return request.url.includes('//a.') ? away : { status: 200, headers: {}, body: '' };
    },
  });
  const both = manifest('a.example.org', 'b.example.org');
  const headers: Record<string, SecretText> = {
    Authorization: 'x',
    'X-Key': [{ secret: 'KEY' }],
    'X-Signed': [{ hmac: 'KEY', before: '', encoding: 'hex' }],
    'x-kept': 'y',
  };

  test('takes no credentials along', async () => {
    const request = ask({ url: 'https://a.example.org/', headers });
    await createPluginHttp(to(302)).request(request, both, { KEY: 'f00d-f00d' });
    const { authorization, 'x-key': key, 'x-signed': signed, 'x-kept': kept } = sent.at(-1)!.headers;
    assert.deepEqual(
      [sent.at(-1)!.url, authorization, key, signed, kept],
      ['https://b.example.org/', undefined, undefined, undefined, 'y'],
    );
  });

  test('is not followed when the body holds a secret', async () => {
    const request = ask({ url: 'https://a.example.org/', method: 'POST', body: { text: [{ secret: 'KEY' }] } });
    const answered = createPluginHttp(to(307)).request(request, both, { KEY: 'f00d-f00d' });
    await assert.rejects(answered, (error) => /would be sent a secret/.test(reason(error)));
  });

  test('is not followed, nor its host told, when the address holds a secret', async () => {
    for (const location of ['https://b.example.org/?key=f00d-f00d', 'https://F00D-f00d.example.net/']) {
      const request = ask({ url: 'https://a.example.org/', query: [['key', [{ secret: 'KEY' }]]] });
      const answered = createPluginHttp(to(302, location)).request(request, both, { KEY: 'f00d-f00d' });
      await assert.rejects(answered, (error) => {
        assert.match(reason(error), /another host, by an address that holds a secret/);
        return !/f00d/i.test(reason(error));
      });
      assert.equal(sent.at(-1)!.url, 'https://a.example.org/?key=f00d-f00d');
    }
  });
});
