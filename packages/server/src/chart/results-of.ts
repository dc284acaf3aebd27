// Values of reports and single Observations, including members of panels: one read per level of the deepest panel, for any number
// of reports.

import type { DiagnosticReport, Observation } from '@medplum/fhirtypes';
import { type Findings, findingsIn, findingsOf } from '@chartwire/sdk/internal/records/findings';
import type { StoredVersion } from '#store/contract.ts';

type Named = (DiagnosticReport | Observation) & { readonly id?: string };
type Read = Pick<StoredVersion<Observation>, 'id' | 'version' | 'record'>;

/** What reports refer to, as far as readable. */
export interface ResultsRead {
  findings(report: Named): Findings;
  /** The Observations read, by `Observation/1`. */
  readonly read: ReadonlyMap<string, Read>;
}

const OBSERVATION = /^Observation\/([A-Za-z0-9\-.]{1,64})$/;

/** @param read returns the existing records that the caller may see */
export async function readResults(
  reports: readonly Named[],
  read: (references: readonly { type: 'Observation'; id: string }[]) => Promise<readonly Read[]>,
): Promise<ResultsRead> {
  const found = new Map<string, Read>();
  const asked = new Set<string>();
  const lookup = (reference: string) => found.get(reference)?.record;
  const findings = (of: Named): Findings =>
    of.resourceType === 'Observation' ? findingsIn(of, lookup) : findingsOf(of, lookup);
  for (;;) {
    const wanted = new Set(reports.flatMap((report) => findings(report).missing));
    const ids = [...wanted].flatMap((reference) =>
      asked.has(reference) ? [] : (OBSERVATION.exec(reference)?.[1] ?? []),
    );
    if (ids.length === 0) break;
    for (const id of ids) asked.add(`Observation/${id}`);
    for (const one of await read(ids.map((id) => ({ type: 'Observation', id }))))
      found.set(`Observation/${one.id}`, one);
  }
  return { findings, read: found };
}
