// What the patient agreed to or refused, and for how long.

import type { Consent } from '@medplum/fhirtypes';
import { FileSignature, Plus } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../api/session.tsx';
import { useWrite } from '../api/write.ts';
import { type Chart, recordsOf } from '../chart/chart-data.ts';
import { conceptText } from '../fhir/words.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Entry } from '../ui/entry.tsx';
import { Field, Select, TextInput } from '../ui/field.tsx';
import { Card } from '../ui/page.tsx';
import { Empty } from '../ui/states.tsx';
import { Day, dayText } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
import { EntryDialog } from './entry-dialog.tsx';

const SCOPE = 'http://terminology.hl7.org/CodeSystem/consentscope';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/consentcategorycodes';
const RULE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

/** What is asked for most, each with the scope it belongs to. */
const KINDS = [
  { code: 'npp', display: 'Notice of Privacy Practices', scope: 'patient-privacy' },
  { code: 'hipaa-auth', display: 'HIPAA Authorization', scope: 'patient-privacy' },
  { code: 'acd', display: 'Advance Directive', scope: 'adr' },
  { code: 'dnr', display: 'Do Not Resuscitate', scope: 'adr' },
  { code: 'polst', display: 'POLST', scope: 'adr' },
  { code: 'research', display: 'Research Information Access', scope: 'research' },
] as const;

export function Consents({ chart }: { readonly chart: Chart }) {
  const { may } = useSession();
  const [adding, setAdding] = useState(false);
  const consents = recordsOf(chart, 'Consent');
  return (
    <Card
      title="Consents"
      count={consents.length}
      actions={
        may('Consent', 'c') && (
          <Button size="sm" icon={Plus} onClick={() => setAdding(true)}>
            Add
          </Button>
        )
      }
    >
      {consents.length === 0 && (
        <Empty icon={FileSignature} title="No consents yet.">
          Privacy notices, advance directives, authorizations.
        </Empty>
      )}
      <ul>
        {consents.map((consent) => (
          <Entry key={consent.id} of={consent}>
            {() => <Line consent={consent} mayEnd={may('Consent', 'u')} />}
          </Entry>
        ))}
      </ul>
      {adding && <ConsentDialog patient={chart.patient.id} onClose={() => setAdding(false)} />}
    </Card>
  );
}

function Line({ consent, mayEnd }: { readonly consent: Consent; readonly mayEnd: boolean }) {
  const { category, status, dateTime, policyRule, provision } = consent;
  const refused = provision?.type === 'deny' || policyRule?.coding?.some(({ code }) => code === 'OPTOUT');
  const until = provision?.period?.end;
  const restore = useWrite((server, ended: Consent) => server.fhir.update({ ...ended, status: 'active' }));
  const withdraw = useWrite((server) => server.fhir.update<Consent>({ ...consent, status: 'inactive' }), {
    onDone: (ended) => {
      const undo = { label: 'Undo', run: () => restore.send(ended) };
      tell('The consent is withdrawn.', { action: undo });
    },
  });
  return (
    <li className="flex min-h-11 items-center gap-3 border-line border-b px-3 py-1 text-sm last:border-0">
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{category.map(conceptText).find(Boolean) ?? 'Consent'}</span>
        <span className="block text-ink-3 text-xs">
          <Day date={dateTime} />
          {until && ` · until ${dayText(until)}`}
        </span>
      </span>
      {status === 'active' ? (
        <Badge tone={refused ? 'warn' : 'ok'}>{refused ? 'refused' : 'agreed'}</Badge>
      ) : (
        <Badge>{status === 'inactive' ? 'withdrawn' : status}</Badge>
      )}
      {mayEnd && status === 'active' && (
        <Button size="sm" busy={withdraw.pending} onClick={() => withdraw.send()}>
          Withdraw
        </Button>
      )}
    </li>
  );
}

function ConsentDialog({ patient, onClose }: { readonly patient: string; readonly onClose: () => void }) {
  const [code, setCode] = useState<string>(KINDS[0].code);
  const [agreed, setAgreed] = useState(true);
  const [end, setEnd] = useState('');
  const record = (): Consent => {
    const { display, scope } = KINDS.find((kind) => kind.code === code) ?? KINDS[0];
    return {
      resourceType: 'Consent',
      status: 'active',
      scope: { coding: [{ system: SCOPE, code: scope }] },
      category: [{ coding: [{ system: CATEGORY, code, display }] }],
      patient: { reference: `Patient/${patient}` },
      dateTime: new Date().toISOString(),
      policyRule: { coding: [{ system: RULE, code: agreed ? 'OPTIN' : 'OPTOUT' }] },
      provision: { type: agreed ? 'permit' : 'deny', ...(end && { period: { end } }) },
    };
  };
  const save = useWrite((server) => server.fhir.create(record()), {
    shown: 'here',
    onDone: () => {
      tell('The consent is recorded.');
    },
    onHere: onClose,
  });
  return (
    <EntryDialog title="Record a consent" save={save} onClose={onClose}>
      <Field label="Consent to">
        {(tied) => (
          <Select {...tied} autoFocus value={code} onChange={({ target }) => setCode(target.value)}>
            {KINDS.map((kind) => (
              <option key={kind.code} value={kind.code}>
                {kind.display}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="The patient">
        {(tied) => (
          <Select
            {...tied}
            value={agreed ? 'agreed' : 'refused'}
            onChange={({ target }) => setAgreed(target.value === 'agreed')}
          >
            <option value="agreed">agreed</option>
            <option value="refused">refused</option>
          </Select>
        )}
      </Field>
      <Field label="Until" hint="No end date if empty.">
        {(tied) => <TextInput {...tied} type="date" value={end} onChange={({ target }) => setEnd(target.value)} />}
      </Field>
    </EntryDialog>
  );
}
