// What is checked when a prescription is committed, and what isn't: nobody should rely on a check that there is none of.

import { api } from '../api/client.ts';
import { useApi } from '../api/queries.ts';

const MINUTE_MS = 60_000;

export function PrescribingChecks() {
  const { data } = useApi(api.checks.list, {}, { staleTime: MINUTE_MS });
  const checks = data?.items.filter(({ command }) => command === 'prescribe');
  if (!checks) return null;
  const on = checks.filter(({ enabled }) => enabled).map(({ label }) => label.toLowerCase());
  const off = checks.filter(({ enabled }) => !enabled).map(({ label }) => label.toLowerCase());
  return (
    <p className="col-span-full text-ink-3 text-xs">
      {on.length > 0 && `Checked at commit: ${on.join(', ')}. `}
      Interactions and doses are not checked.
      {off.length > 0 && <span className="text-warn-text"> Switched off here: {off.join(', ')}.</span>}
    </p>
  );
}
