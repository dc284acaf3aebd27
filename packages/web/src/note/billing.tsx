// What is billed for the visit of a note: codes that are looked up and added, and taken away again.

import type { ChargeItem } from '@medplum/fhirtypes';
import { Receipt, X } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { useRepeatKey } from '../api/idempotency-key.ts';
import { useApi, useRecords } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { codeText, conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { IconButton } from '../ui/button.tsx';
import { type Choice, Combobox } from '../ui/combobox.tsx';

interface Term {
  readonly system?: string;
  readonly code: string;
  readonly display?: string;
  readonly fits?: boolean;
}

interface TermChoice extends Choice {
  readonly term: Term;
}

export function Billing({
  note,
  patient,
  encounter,
  locked,
}: {
  readonly note: string;
  readonly patient: string;
  readonly encounter: string;
  readonly locked: boolean;
}) {
  const query = { context: `Encounter/${encounter}` };
  const charges = useRecords('ChargeItem', query, { patient });
  const lines = charges.data?.filter(({ status }) => status !== 'aborted' && status !== 'entered-in-error') ?? [];
  const changes = [api.fhir.path('ChargeItem')];
  const repeat = useRepeatKey();
  const add = useWrite(
    (server, { code, system, display }: Term) => {
      const body = { code, system, display };
      return server.visits.addBillingLineItem({ params: { id: note }, body, idempotencyKey: repeat.of(body) });
    },
    {
      changes,
      onTaken: () => repeat.spend(),
      onRefused: ({ passing }) => passing || repeat.spend(),
    },
  );
  const remove = useWrite(
    (server, item: ChargeItem) => server.fhir.update<ChargeItem>({ ...item, status: 'aborted' }),
    { changes },
  );
  const busy = add.pending || remove.pending;
  return (
    <section
      aria-label="Billing"
      className="flex flex-wrap items-center gap-x-2 gap-y-1.5 border-line border-t bg-sunken px-4 py-2"
    >
      <h3 className="flex items-center gap-1.5 font-semibold text-ink-2 text-xs">
        <Receipt aria-hidden className="size-3.5" />
        Billing
      </h3>
      <ul className="flex min-w-0 flex-wrap gap-1.5">
        {lines.map((item) => (
          <li
            key={item.id}
            className="inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-md border border-line bg-surface pl-2 text-sm"
          >
            <span className="font-medium tabular">{codeText(item.code.coding)}</span>
            {conceptText(item.code) !== codeText(item.code.coding) && (
              <span className="min-w-0 max-w-60 truncate text-ink-2" title={conceptText(item.code)}>
                {conceptText(item.code)}
              </span>
            )}
            {(item.quantity?.value ?? 1) > 1 && <Badge>{`× ${item.quantity?.value}`}</Badge>}
            {item.status === 'billed' && <Badge>billed</Badge>}
            {item.note?.map(({ text, time }) => (
              <span key={time ?? text} className="text-warn-text text-xs">
                {text}
              </span>
            ))}
            {locked || item.status === 'billed' ? (
              <span className="pr-1" />
            ) : (
              <IconButton
                icon={X}
                size="sm"
                label={`Take ${codeText(item.code.coding)} away`}
                busy={busy}
                onClick={() => remove.send(item)}
              />
            )}
          </li>
        ))}
        {lines.length === 0 && locked && <li className="text-ink-3 text-sm">Nothing is billed.</li>}
      </ul>
      {!locked && (
        <div className="min-w-56 max-w-sm flex-1">
          <CodeSearch busy={busy} onPick={add.send} />
        </div>
      )}
    </section>
  );
}

/** Codes listed at once. */
const MOST = 20;

function CodeSearch({ busy, onPick }: { readonly busy: boolean; readonly onPick: (term: Term) => void }) {
  const [query, setQuery] = useState('');
  const [here, setHere] = useState(false);
  const found = useApi(
    api.terms.search,
    { query: { system: 'hcpcs', query: query.trim(), limit: MOST } },
    { enabled: here, keep: true },
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears that the cursor comes
    <div onFocus={() => setHere(true)}>
      <Combobox<TermChoice>
        label="Add a code to bill"
        value={null}
        query={query}
        onQuery={setQuery}
        disabled={busy}
        more={found.data !== undefined && found.data.items.length >= MOST}
        busy={found.isFetching}
        stale={found.isPlaceholderData}
        placeholder="Add a code"
        choices={found.data && choicesOf(found.data.items, query.trim().toUpperCase())}
        onChange={(choice) => choice && onPick(choice.term)}
      />
    </div>
  );
}

/** A code that is not in the table here, as those of CPT, can be billed as it is. */
function choicesOf(terms: readonly Term[], typed: string): readonly TermChoice[] {
  const known = terms.map(
    (term): TermChoice => ({
      value: term.code,
      text: term.display ?? term.code,
      term,
      fits: term.fits === true,
      aside: <span className="text-ink-3 text-xs tabular">{term.code}</span>,
    }),
  );
  if (!/^[A-Z0-9]{5}$/.test(typed) || terms.some(({ code }) => code === typed)) return known;
  const term = { code: typed };
  return [
    ...known,
    {
      value: typed,
      text: `Bill ${typed} as it is`,
      term,
      fits: true,
      isTyped: true,
      description: 'It is not in the table of codes here.',
    },
  ];
}
