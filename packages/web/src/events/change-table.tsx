// What an event changed: before and after by the path that changed; of what is new, what it says. The JSON is at hand.

import type { Resource } from '@medplum/fhirtypes';
import type { ReactNode } from 'react';
import { literalOf } from '@chartwire/sdk/internal/kit/json/literals';
import { indentJson, printJson } from '@chartwire/sdk/internal/kit/json/print';
import { factsOf, recordTitle } from '../chart/record-facts.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Json } from '../ui/json.tsx';
import { Facts } from '../ui/page.tsx';
import { type ChangeRow, changesOf } from './changes.ts';
import type { LoggedEvent } from './shapes.ts';

export function Changed({ context }: Pick<LoggedEvent, 'context'>) {
  const rows = changesOf(context);
  return (
    <div className="flex flex-col gap-2 p-3">
      {rows ? <ChangeTable rows={rows} /> : <Said context={context} />}
      <Disclosure title="As JSON">
        <Json value={context} label="Context of the event" />
      </Disclosure>
    </div>
  );
}

function ChangeTable({ rows }: { readonly rows: readonly ChangeRow[] }) {
  return (
    <table className="w-full table-fixed text-sm">
      <thead>
        <tr className="text-left text-ink-3 text-xs">
          <th scope="col" className="w-1/3 pb-1 font-medium">
            What
          </th>
          <th scope="col" className="pb-1 font-medium">
            Before
          </th>
          <th scope="col" className="pb-1 font-medium">
            After
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ path, before, after }) => (
          <tr key={path} className="border-line border-t align-top">
            <td className="break-words py-1 pr-2 font-mono text-ink-2 text-xs">{path}</td>
            <td className="py-1 pr-2">
              <Value of={before} tone="bg-danger-soft text-danger-text" />
            </td>
            <td className="py-1">
              <Value of={after} tone="bg-ok-soft text-ok-text" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ of: value, tone }: { readonly of: unknown; readonly tone: string }) {
  if (value === undefined) return <span className="text-ink-3">nothing</span>;
  return (
    <span className={`inline-block max-w-full break-words rounded-sm px-1 text-xs ${tone}`}>{valueText(value)}</span>
  );
}

function Said({ context }: Pick<LoggedEvent, 'context'>): ReactNode {
  const { record, fields } = context;
  if (record) return <New record={record as Resource} />;
  if (!fields) return <p className="text-ink-3 text-sm">It changed no record.</p>;
  return (
    <Facts
      facts={Object.entries(fields).map(
        ([name, value]) => [name, literalOf(fields, name) ?? valueText(value)] as const,
      )}
    />
  );
}

function New({ record }: { readonly record: Resource }) {
  return (
    <>
      <p className="font-medium text-sm">{recordTitle(record)}</p>
      <Facts facts={factsOf(record)} />
    </>
  );
}

/** What a person reads of a value, where it says so itself. */
function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  const { text, display, reference } = value as Readonly<Record<string, unknown>>;
  const said = [text, display, reference].find((one) => typeof one === 'string');
  return typeof said === 'string' ? said : indentJson(printJson(value));
}
