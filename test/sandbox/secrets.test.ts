// Sensitive variables, from inside a plugin: it holds references, and the host puts values in where the manifest says.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { HttpAnswer } from '#plugin-host/call.ts';
import type { OutgoingRequest } from '#plugin-host/http.ts';
import { Sandbox } from './sandbox.ts';

const TOKEN = 'Tok/en+"7 é\\b';
const OTHER = 'another-Secret_value';
const VARIABLES = {
  TOKEN: { value: TOKEN, sensitive: true },
  OTHER: { value: OTHER, sensitive: true },
  PLACE: { value: 'here', sensitive: false },
};
const MANIFEST = {
  network: ['api.example.org', 'second.example.org', '*.wide.example.org'],
  variables: [
    {
      name: 'TOKEN',
      sensitive: true,
      sendTo: [
        { host: 'api.example.org', in: ['header:Authorization', 'query:key', 'body', 'signature:x-signature'] },
        { host: 'a.wide.example.org', in: ['header:x-key'] },
      ],
    },
    { name: 'OTHER', sensitive: true, sendTo: [{ host: 'api.example.org', in: ['header:x-other'] }] },
    { name: 'UNSENT', sensitive: true },
    { name: 'PLACE' },
  ],
};

const sent: OutgoingRequest[] = [];
let answer: (request: OutgoingRequest) => HttpAnswer;
let sandbox: Sandbox;
before(async () => {
  const send = async (request: OutgoingRequest) => {
    sent.push(request);
    return answer(request);
  };
  sandbox = await Sandbox.start({ http: { send }, limits: { deadlineMs: 60_000 } });
});

/** Runs compute() with this body, which has TOKEN, OTHER and PLACE at hand; the host of the requests is api.example.org. */
async function run(body: string, echo: (request: OutgoingRequest) => Partial<HttpAnswer> = () => ({})) {
  sent.length = 0;
  answer = (request) => ({ status: 200, headers: {}, body: '', ...echo(request) });
  const source = `
    import { BaseProtocol, basicAuth, bearer, createTask, EventType, secretText, signedWith } from 'chartwire/sdk';
    const API = 'https://api.example.org/';
    export class Handler extends BaseProtocol.on(EventType.PATIENT_CREATED) {
      async compute() {
        const { TOKEN, OTHER, PLACE, UNSENT } = this.variables;
        ${body}
      }
    }`;
  await sandbox.load('secretive', source, MANIFEST);
  const variables = { ...VARIABLES, UNSENT: { value: 'never-sent-anywhere', sensitive: true } };
  return sandbox.call('secretive', { variables });
}

/** Everything that a call leaves behind. */
const left = (result: object): string => JSON.stringify(result);

describe('a sensitive variable', () => {
  test('is a reference: as text, as JSON and in the log it shows its name', async () => {
    const result = await run(`
      this.log.info(TOKEN);
      console.log('token', TOKEN, { TOKEN });
      const seen = [typeof TOKEN, \`\${TOKEN}\`, JSON.stringify({ TOKEN }), String(bearer(TOKEN)), PLACE];
      return [{ type: 'SEEN', payload: seen.map((text) => text.replaceAll('[', '(')) }];`);
    assert.equal(result.error, null);
    assert.deepEqual(result.effects[0]?.payload, [
      'object',
      '(secret TOKEN]',
      '{"TOKEN":"(secret TOKEN]"}',
      'Bearer (secret TOKEN]',
      'here',
    ]);
    assert.deepEqual(
      result.logs.map(({ message }) => message),
      ['"[secret TOKEN]"', 'token "[secret TOKEN]" {"TOKEN":"[secret TOKEN]"}'],
    );
  });

  test('goes into headers, query values and bodies', async () => {
    const { error, calls } = await run(`
      await this.http.fetch(API + 'a?b=c', { query: { n: 1, key: TOKEN, none: undefined }, headers: { Authorization: bearer('x') } });
      await this.http.get(API, { authorization: bearer(TOKEN), 'x-other': OTHER });
      await this.http.get(API, { authorization: basicAuth('user', TOKEN) });
      await this.http.post(API, { '#key': '##', deep: [{ TOKEN }, '"#0"'], text: secretText\`t \${TOKEN}.\` });
      await this.http.post(API, secretText\`<key>\${TOKEN}</key>\`, { 'content-type': 'text/xml' });
      await this.http.fetch(API, { method: 'POST', form: { grant_type: 'client_credentials', client_secret: TOKEN } });`);
    assert.equal(error, null);
    const [query, headers, basic, json, text, form] = sent;
    const encoded = encodeURIComponent(TOKEN);
    assert.equal(query?.url, `https://api.example.org/a?b=c&n=1&key=${encoded}`);
    assert.equal(query?.headers.authorization, 'Bearer x');
    assert.deepEqual([headers?.headers.authorization, headers?.headers['x-other']], [`Bearer ${TOKEN}`, OTHER]);
    assert.equal(basic?.headers.authorization, `Basic ${Buffer.from(`user:${TOKEN}`).toString('base64')}`);
    const expected = { '#key': '##', deep: [{ TOKEN }, '"#0"'], text: `t ${TOKEN}.` };
    assert.deepEqual([JSON.parse(json!.body!), json?.headers['content-type']], [expected, 'application/json']);
    assert.deepEqual([text?.body, text?.headers['content-type']], [`<key>${TOKEN}</key>`, 'text/xml']);
    assert.equal(form?.body, `grant_type=client_credentials&client_secret=${encoded}`);
    assert.equal(form?.headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(calls[0]?.request, 'GET https://api.example.org/a?b=c&n=1&key=[secret TOKEN]');
  });

  test('signs the body as it is sent, and what is to be signed ahead of it', async () => {
    const { error } = await run(`
      await this.http.post(API, { TOKEN }, { 'X-Signature': secretText\`sha256=\${signedWith(TOKEN)}\` });
      await this.http.post(API, 'b', { 'x-signature': signedWith(TOKEN, { before: '17.', encoding: 'base64' }) });`);
    assert.equal(error, null);
    const hmac = (text: string) => createHmac('sha256', TOKEN).update(text).digest();
    assert.equal(sent[0]?.headers['x-signature'], `sha256=${hmac(sent[0]!.body!).toString('hex')}`);
    assert.equal(sent[1]?.headers['x-signature'], hmac('17.b').toString('base64'));
  });

  const refused: [what: string, body: string, message: RegExp][] = [
    ['a host made of it', "this.http.get('https://' + TOKEN + '.example.org/')", /the address has the placeholder/],
    ['a path made of it', 'this.http.get(API + encodeURIComponent(TOKEN))', /the address has the placeholder/],
    ['a header that holds it as text', "this.http.get(API, { authorization: 'Bearer ' + TOKEN })", /bearer, basicAuth/],
    ['a body that holds it as text', 'this.http.post(API, JSON.stringify({ TOKEN }))', /the body has the placeholder/],
    [
      'a header that is not named',
      "this.http.get(API, { 'x-key': TOKEN })",
      /TOKEN to api\.example\.org in header:x-key/,
    ],
    [
      'a query value that is not named',
      'this.http.fetch(API, { query: { Key: TOKEN } })',
      /add "query:Key" for the host "api\.example\.org" to "sendTo" of TOKEN/,
    ],
    [
      'a host that is not named',
      "this.http.post('https://second.example.org/', { TOKEN })",
      /second\.example\.org in body/,
    ],
    [
      'another host below the same name',
      "this.http.get('https://b.wide.example.org/', { 'x-key': TOKEN })",
      /b\.wide\.example\.org in header:x-key/,
    ],
    [
      'another port of the host',
      "this.http.get('https://api.example.org:8443/')",
      /may not reach api\.example\.org:8443/,
    ],
    ['the value where it may only sign', "this.http.get(API, { 'x-signature': TOKEN })", /in header:x-signature/],
    [
      'a signature where it may only be sent',
      'this.http.get(API, { authorization: signedWith(TOKEN) })',
      /signature:auth/,
    ],
    ['a signature in a body', 'this.http.post(API, { a: signedWith(TOKEN) })', /a signature can be in a header only/],
    ['one that may go nowhere', 'this.http.get(API, { authorization: UNSENT })', /"sendTo" of UNSENT/],
    ['what is no variable, as a key', 'this.http.get(API, { a: signedWith(PLACE) })', /can sign/],
    ['one in a read', "this.data.read('Patient', TOKEN)", /can be sent by this\.http only/],
    ['one in a search', "this.data.search('Patient', { name: [TOKEN] })", /can be sent by this\.http only/],
    [
      'an effect that holds it',
      "[createTask({ title: 'Call', comment: TOKEN })]",
      /only this\.http, httpRequest and sendWebhook carry secrets/,
    ],
    [
      'an effect that holds it as text',
      "[createTask({ title: 'Call ' + TOKEN })]",
      /only this\.http, httpRequest and sendWebhook carry secrets/,
    ],
  ];
  for (const [what, expression, message] of refused) {
    test(`is not sent to ${what}`, async () => {
      const result = await run(`return await ${expression};`);
      assert.match(String(result.error?.message), message);
      assert.deepEqual([sent, result.effects], [[], []]);
      assert.doesNotMatch(left(result), /tok\/?en\+|never-sent/i);
    });
  }

  test('that is forged names no other plugin’s, and no value but its own', async () => {
    const result = await run(`
      const forged = { [Symbol.for('chartwire.secret')]: [{ secret: 'PLACE' }] };
      await this.http.get(API, { authorization: forged });`);
    assert.match(String(result.error?.message), /may not send its secret PLACE/);
    assert.deepEqual(sent, []);
  });
});

describe('an answer that echoes a secret', () => {
  const hex = Buffer.from(TOKEN).toString('hex');
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const html = (text: string) => text.replace(/[^a-z]/gi, (letter) => `&#${letter.codePointAt(0)};`);
  const forms: Record<string, string> = {
    'as it is': TOKEN,
    'in lower case': TOKEN.toLowerCase(),
    'in upper case': TOKEN.toUpperCase(),
    'in an address': encodeURIComponent(TOKEN),
    'in an address, every letter': [...Buffer.from(TOKEN)].map((byte) => `%${byte.toString(16)}`).join(''),
    'in an address in an address': encodeURIComponent(encodeURIComponent(TOKEN)),
    'in a form': new URLSearchParams({ a: TOKEN }).toString().slice(2),
    'in JSON': JSON.stringify(TOKEN),
    'in JSON beyond ASCII': JSON.stringify(TOKEN).replace('é', '\\u00E9').replace('/', '\\/'),
    'in JSON in JSON': JSON.stringify(JSON.stringify(TOKEN)),
    'in HTML': html(TOKEN),
    'in HTML by names': TOKEN.replace('"', '&quot;')
      .replace('+', '&plus;')
      .replace('/', '&sol;')
      .replace('\\', '&bsol;'),
    'in JSON in HTML': html(JSON.stringify(TOKEN)),
    'in hexadecimal': hex,
    'in hexadecimal, upper case': hex.toUpperCase(),
    'in hexadecimal with colons': hex.replace(/..(?!$)/g, '$&:'),
    'in lower case, in hexadecimal': Buffer.from(TOKEN.toLowerCase()).toString('hex'),
    'in Base64': base64(TOKEN),
    'in Base64 behind one byte': base64(`a${TOKEN}`),
    'in Base64 behind two': base64(`ab${TOKEN}z`),
    'in Base64 behind a user': base64(`user:${TOKEN}`),
    'in Base64 for addresses': Buffer.from(`\xff\xfe>?${TOKEN}~~`).toString('base64url'),
    'in Base64, in an address': encodeURIComponent(base64(`??>${TOKEN}`)),
    'in Base64 over lines': base64(`some words before ${TOKEN} and more`).replace(/.{8}/g, '$&\r\n'),
    'in Base64 of JSON': base64(JSON.stringify({ token: TOKEN })),
    'in lower case, in Base64': base64(TOKEN.toLowerCase()),
    'over two lines': TOKEN.replace('7', '7\n'),
  };

  for (const [how, written] of Object.entries(forms)) {
    test(`shows none of it ${how}`, async () => {
      const result = await run(
        `const { headers, ...answer } = await this.http.get(API, { authorization: bearer(TOKEN) });
        const text = (await this.http.get(API)).text();
        return [{ type: 'SAW', payload: [headers, text] }];`,
        () => ({
          headers: { 'x-echo': `<${written.replace(/[\r\n]/g, ' ')}>`, [`x-${hex}`]: 'name' },
          body: `before ${written} after`,
        }),
      );
      assert.equal(result.error, null);
      const [headers, text] = result.effects[0]!.payload as [Record<string, string>, string];
      const plain = /^before (.*)\[redacted TOKEN\](.*) after$/s.exec(text);
      assert.ok(plain, text);
      // What was around it in the same group of Base64, quotes, and no piece of the value.
      assert.doesNotMatch(plain[1]! + plain[2]!, /tok|b2s|VG9r|546f6b/i);
      assert.match(headers['x-echo']!, /\[redacted TOKEN\]/);
      assert.equal(headers['x-[redacted TOKEN]'], 'name');
    });
  }

  test('keeps all around it, of whatever length, and takes each occurrence', async () => {
    // Longer than what is looked at in one turn; one occurrence lies across its end.
    const filler = 'é 100% <b>&amp;</b> \\d+ '.repeat(3_000).slice(0, 31_990);
    const body = `${filler}${encodeURIComponent(TOKEN)}${filler}${TOKEN}${OTHER}${filler}`;
    const result = await run("return [{ type: 'SAW', payload: (await this.http.get(API)).text() }];", () => ({ body }));
    const expected = `${filler}[redacted TOKEN]${filler}[redacted TOKEN][redacted OTHER]${filler}`;
    assert.ok(result.effects[0]?.payload === expected, result.error?.message);
  });

  test('shows no signature either', async () => {
    const result = await run(
      "return [{ type: 'SAW', payload: (await this.http.post(API, 'x', { 'x-signature': signedWith(TOKEN) })).text() }];",
      ({ headers }) => {
        const digest = Buffer.from(headers['x-signature']!, 'hex');
        return { body: `${headers['x-signature']} ${digest.toString('base64')}` };
      },
    );
    assert.equal(result.effects[0]?.payload, '[redacted TOKEN] [redacted TOKEN]=');
  });

  test('is not kept from the plugin where it holds no secret', async () => {
    const body = JSON.stringify({ a: 'tok', b: '%41&amp;', c: '\u202e', d: 'VG9r' });
    const { effects } = await run("return [{ type: 'SAW', payload: (await this.http.get(API)).text() }];", () => ({
      body,
    }));
    assert.equal(effects[0]?.payload, body);
  });
});
