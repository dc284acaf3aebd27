// What runs came to: how many were completed, how many failed, and of what.

import type { Runs } from './shapes.ts';

export function Outcomes({ runs: { completed, failed, errors } }: { readonly runs: Runs }) {
  const all = completed + failed;
  if (all === 0) return <p className="text-ink-3 text-sm">No runs.</p>;
  return (
    <div className="flex flex-col gap-1.5">
      <div aria-hidden className="flex h-2 overflow-hidden rounded-full bg-sunken">
        <div className="bg-ok" style={{ width: `${(100 * completed) / all}%` }} />
        <div className="bg-danger" style={{ width: `${(100 * failed) / all}%` }} />
      </div>
      <p className="text-sm tabular">
        <span className="font-medium">{completed}</span> completed
        {failed > 0 && (
          <>
            , <span className="font-medium text-danger-text">{failed} failed</span>
          </>
        )}
      </p>
      {failed > 0 && (
        <ul className="flex flex-wrap gap-x-3 text-ink-2 text-xs">
          {Object.entries(errors).map(([code, times]) => (
            <li key={code}>
              <span className="font-mono">{code}</span> {times}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
