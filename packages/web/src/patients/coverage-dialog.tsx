// One coverage: who pays, under which number, for how long.

import type { Coverage, Organization, Reference } from '@medplum/fhirtypes';
import { useState } from 'react';
import { MAY_PAY } from '@chartwire/sdk/internal/records/parties';
import { useRecords } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { Combobox, type Choice } from '../ui/combobox.tsx';
import { fitsWords } from '../ui/fits.ts';
import { Field, Select, TextInput } from '../ui/field.tsx';
import { tell } from '../ui/toast.tsx';
import { EntryDialog } from './entry-dialog.tsx';

const STATUSES = ['active', 'cancelled', 'draft', 'entered-in-error'] as const;
const RELATIONSHIP = 'http://terminology.hl7.org/CodeSystem/subscriber-relationship';
const RELATIONSHIPS = ['self', 'spouse', 'child', 'parent', 'common', 'other'] as const;
const CLASS = 'http://terminology.hl7.org/CodeSystem/coverage-class';

export function CoverageDialog({
  patient,
  coverage,
  last,
  onClose,
}: {
  readonly patient: string;
  readonly coverage: Coverage | undefined;
  /** The rank behind all others. */
  readonly last: number;
  readonly onClose: () => void;
}) {
  const [payer, setPayer] = useState<Choice | null>(payerOf(coverage));
  const [member, setMember] = useState(coverage?.subscriberId ?? '');
  const [relationship, setRelationship] = useState(coverage?.relationship?.coding?.[0]?.code ?? 'self');
  const [plan, setPlan] = useState(planOf(coverage)?.name ?? planOf(coverage)?.value ?? '');
  const [start, setStart] = useState(coverage?.period?.start ?? '');
  const [end, setEnd] = useState(coverage?.period?.end ?? '');
  const [status, setStatus] = useState<Coverage['status']>(coverage?.status ?? 'active');
  const entered = (): Coverage => {
    const others = coverage?.class?.filter((one) => one !== planOf(coverage)) ?? [];
    const { class: _class, period: _period, ...rest } = coverage ?? {};
    const classes = plan ? [{ ...planOf(coverage), type: planType(), value: plan, name: plan }, ...others] : others;
    return {
      ...rest,
      resourceType: 'Coverage',
      status,
      beneficiary: { reference: `Patient/${patient}` },
      payor: payer ? [payorOf(payer), ...(coverage?.payor.slice(1) ?? [])] : [],
      subscriberId: member,
      relationship: { coding: [{ system: RELATIONSHIP, code: relationship }] },
      order: coverage?.order ?? last,
      ...(classes.length > 0 && { class: classes }),
      ...((start || end) && { period: { ...(start && { start }), ...(end && { end }) } }),
    };
  };
  const save = useWrite(
    (server) => (coverage ? server.fhir.update(entered(), coverage) : server.fhir.create(entered())),
    {
      shown: 'here',
      onDone: () => {
        tell(coverage ? 'The coverage is changed.' : 'The coverage is added.');
      },
      onHere: onClose,
    },
  );
  return (
    <EntryDialog title={coverage ? 'Change a coverage' : 'Add a coverage'} save={save} onClose={onClose}>
      <Payer payer={payer} onChange={setPayer} />
      <div className="grid grid-cols-2 gap-3">
        <Field label="Member number" required>
          {(tied) => <TextInput {...tied} required value={member} onChange={({ target }) => setMember(target.value)} />}
        </Field>
        <Field label="Plan">
          {(tied) => <TextInput {...tied} value={plan} onChange={({ target }) => setPlan(target.value)} />}
        </Field>
        <Field label="The patient is the subscriber’s">
          {(tied) => (
            <Select {...tied} value={relationship} onChange={({ target }) => setRelationship(target.value)}>
              {RELATIONSHIPS.map((code) => (
                <option key={code} value={code}>
                  {code === 'self' ? 'self (is the subscriber)' : code}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Status">
          {(tied) => (
            <Select {...tied} value={status} onChange={({ target }) => setStatus(target.value as Coverage['status'])}>
              {STATUSES.map((code) => (
                <option key={code} value={code}>
                  {code}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="From">
          {(tied) => (
            <TextInput {...tied} type="date" value={start} onChange={({ target }) => setStart(target.value)} />
          )}
        </Field>
        <Field label="To">
          {(tied) => (
            <TextInput {...tied} type="date" min={start} value={end} onChange={({ target }) => setEnd(target.value)} />
          )}
        </Field>
      </div>
    </EntryDialog>
  );
}

function payerOf(coverage: Coverage | undefined): Choice | null {
  const [first] = coverage?.payor ?? [];
  if (!first) return null;
  return { value: first.reference ?? '', text: first.display ?? first.reference ?? 'No name' };
}

function payorOf({ value, text }: Choice): Reference<Organization> {
  return { ...(value && { reference: value }), display: text };
}

function planOf(coverage: Coverage | undefined) {
  return coverage?.class?.find(({ type }) => type.coding?.some(({ code }) => code === 'plan'));
}

function planType() {
  return { coding: [{ system: CLASS, code: 'plan', display: 'Plan' }] };
}

/** Payers listed at once. */
const MOST = 20;

function Payer({
  payer,
  onChange,
}: {
  readonly payer: Choice | null;
  readonly onChange: (payer: Choice | null) => void;
}) {
  const [query, setQuery] = useState('');
  const payers = Object.fromEntries(new URLSearchParams(MAY_PAY));
  const asked = { ...payers, name: query, 'active:not': 'false', _count: MOST, _sort: 'name' };
  const found = useRecords('Organization', asked, { keep: true });
  const typed = query.trim();
  const known: Choice[] | undefined = found.data?.map(({ id, name, type }) => ({
    value: `Organization/${id}`,
    text: name ?? 'No name',
    fits: fitsWords(name ?? '', typed),
    description: type?.[0]?.text ?? type?.[0]?.coding?.[0]?.display,
  }));
  const asTyped = typed !== '' && !known?.some(({ text }) => text.toLowerCase() === typed.toLowerCase());
  const choices =
    known && asTyped
      ? [...known, { value: '', text: typed, description: 'As typed', fits: known.length === 0, isTyped: true }]
      : known;
  return (
    <Field label="Payer" required hint={payer ? undefined : 'Choose an organization, or type the name on the card.'}>
      {(tied) => (
        <Combobox<Choice>
          tied={tied}
          required
          value={payer}
          onChange={onChange}
          query={query}
          onQuery={setQuery}
          choices={choices}
          more={found.data !== undefined && found.data.length >= MOST}
          busy={found.isFetching}
          stale={found.isPlaceholderData}
          placeholder="Type its name"
          autoFocus={payer === null}
        />
      )}
    </Field>
  );
}
