// Tokens of a running server, and whether it accepts them.

import { TOKEN } from './servers.ts';

export interface MadeToken {
  readonly id: string;
  readonly token: string;
}

export async function makeToken(url: string): Promise<MadeToken> {
  const answer = await fetch(`${url}/api/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'a trial', scopes: ['system/Patient.rs'] }),
  });
  if (answer.status !== 201) throw new Error(`no token was made: ${await answer.text()}`);
  return (await answer.json()) as MadeToken;
}

export async function revokeToken(url: string, { id }: MadeToken): Promise<void> {
  const answer = await fetch(`${url}/api/tokens/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  if (!answer.ok) throw new Error(`the token was not revoked: ${await answer.text()}`);
}

export async function isAccepted(url: string, { token }: MadeToken): Promise<boolean> {
  const answer = await fetch(`${url}/fhir/R4/Patient?_count=1`, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status === 200;
}
