// The client of bench/http.ts: keeps a number of connections busy and tells its parent how many requests a second.
// Arguments: url, token, `patients`, `observations`, `reads` or `searches`, connections, seconds.

import { Pool } from 'undici';
import { observation, PATIENTS, throughput } from './place.ts';

const [url = '', token = '', what = '', connections = '1', seconds = '1'] = process.argv.slice(2);
const pool = new Pool(url, { connections: Number(connections), pipelining: 1 });
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };

async function send(method: 'POST' | 'PUT', path: string, body: object): Promise<void> {
  const answer = await pool.request({ method, path, headers, body: JSON.stringify(body) });
  const text = await answer.body.text();
  if (answer.statusCode !== 201) throw new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
}

async function get(path: string): Promise<void> {
  const answer = await pool.request({ method: 'GET', path, headers });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`GET ${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
}

let rate = 0;
if (what === 'patients') {
  for (let n = 1; n <= PATIENTS; n += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, k) =>
        send('PUT', `/fhir/R4/Patient/p${n + k}`, {
          resourceType: 'Patient',
          id: `p${n + k}`,
          name: [{ family: 'Bench' }],
        }),
      ),
    );
  }
} else if (what === 'reads') {
  rate = await throughput(Number(connections), Number(seconds), (n) => get(`/fhir/R4/Patient/p${(n % PATIENTS) + 1}`));
} else if (what === 'searches') {
  const path = '/fhir/R4/Observation?_count=20&patient=p';
  rate = await throughput(Number(connections), Number(seconds), (n) => get(`${path}${(n % PATIENTS) + 1}`));
} else {
  rate = await throughput(Number(connections), Number(seconds), (n) =>
    send('POST', '/fhir/R4/Observation', observation(n)),
  );
}
await pool.close();
process.send?.(rate);
process.disconnect?.();
