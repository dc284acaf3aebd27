// Merging two charts: which other one, which of them stays, in what they differ, and what moves.

import type { Patient } from '@medplum/fhirtypes';
import { ArrowLeftRight, TriangleAlert } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Problem } from '@chartwire/client/internal/client/index';
import type { MergeShape } from '@chartwire/client/internal/contract/merges';
import { previews } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { useWrite } from '../api/write.ts';
import { nameText } from '../fhir/words.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Skeleton } from '../ui/states.tsx';
import { dayText } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
import { nameApart, numberOf } from './found-patient.ts';
import { PatientPicker, type PickedPatient } from './patient-picker.tsx';

/** For the audit trail: patient administration, of https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html */
export const PURPOSE = { 'x-purpose-of-use': 'PATADMIN' } as const;

export function MergeDialog({
  patient,
  onClose,
}: {
  readonly patient: Patient & { readonly id: string };
  readonly onClose: () => void;
}) {
  const [, go] = useLocation();
  const [other, setOther] = useState<PickedPatient | null>(null);
  /** This chart stays, unless they were swapped. */
  const [swapped, setSwapped] = useState(false);
  const [reason, setReason] = useState('');
  const [sure, setSure] = useState(false);
  const look = (picked: PickedPatient | null, swap: boolean): void => {
    setOther(picked);
    setSwapped(swap);
    setSure(false);
    merge.forget();
  };
  const { data: plan, error: unplanned, isFetching } = usePlan(patient.id, other?.value, swapped);
  const merge = useWrite(
    (server, { source, target, differences }: MergeShape) => {
      const confirm = differences.flatMap(({ what, confirm }) => (confirm ? [what] : []));
      const why = reason.trim();
      const body = { into: target.id, confirm, ...(why && { reason: why }) };
      return server.merges.merge({ params: { id: source.id }, body, headers: PURPOSE });
    },
    {
      shown: 'here',
      onDone: (_, { target }) => {
        tell(`The charts are merged. You can undo this on the profile of ${target.name ?? 'the patient'}.`);
        // What would be merged is no question any more.
        void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'merge' });
        // Not by `onHere`: the profile of a chart that was merged may be gone before the answer comes.
        if (window.location.pathname === `/patients/${patient.id}/profile`) go(`/patients/${target.id}/profile`);
      },
      onHere: onClose,
    },
  );
  const doubtful = plan?.differences.some(({ confirm }) => confirm) === true;
  return (
    <Dialog
      open
      place="wide"
      onClose={onClose}
      title="Merge with another chart"
      about="For a person who was registered twice. All records go into one chart, and the other one links to it."
      onSubmit={() => plan && sure && merge.send(plan)}
      problem={merge.problem ?? unplanned}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={merge.pending} disabled={!plan || !sure}>
            Merge the charts
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={`The other chart of ${nameText(patient.name)}`}>
          {(tied) => (
            <PatientPicker
              tied={tied}
              autoFocus
              except={patient.id}
              value={other}
              onChange={(picked) => look(picked, swapped)}
            />
          )}
        </Field>
        {isFetching && !plan && <Skeleton lines={4} />}
        {plan && (
          <>
            <Sides plan={plan} onSwap={() => look(other, !swapped)} />
            <Moves plan={plan} />
            <Field label="Why" hint="Kept with the merge, so others can see why.">
              {(tied) => (
                <TextInput
                  {...tied}
                  value={reason}
                  maxLength={1_000}
                  onChange={({ target }) => setReason(target.value)}
                />
              )}
            </Field>
            <label className="flex items-start gap-2 text-sm">
              <input
                type="checkbox"
                checked={sure}
                onChange={({ target }) => setSure(target.checked)}
                className="mt-0.5 size-4 accent-accent"
              />
              <span className={doubtful ? 'font-medium' : ''}>
                {doubtful
                  ? 'I have checked the differences marked above: both charts are for the same person.'
                  : 'Both charts are for the same person.'}
              </span>
            </label>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** What merging would do; read anew for each pair, so that it is of the chart that is picked now. */
function usePlan(patient: string, other: string | undefined, swapped: boolean) {
  const [source = '', into = ''] = swapped ? [patient, other] : [other, patient];
  return useQuery<MergeShape, Problem>({
    queryKey: ['merge', source, into],
    queryFn: ({ signal }) => previews.merge(source, into, PURPOSE, signal),
    enabled: other !== undefined,
    gcTime: 0,
    staleTime: 0,
  });
}

type Side = MergeShape['source'];

function Sides({
  plan: { source, target, differences, moved, kept },
  onSwap,
}: {
  readonly plan: MergeShape;
  readonly onSwap: () => void;
}) {
  const found = new Map(differences.map((one) => [one.what, one]));
  const rows: readonly (readonly [string, Parameters<typeof found.get>[0] | null, string, string])[] = [
    ['Name', 'name', target.name ?? 'No name', source.name ?? 'No name'],
    ['Birth date', 'birth-date', dayText(target.birthDate) || '–', dayText(source.birthDate) || '–'],
    ['Sex', 'sex', target.sex ?? '–', source.sex ?? '–'],
    ...differences.flatMap(({ what, source, target }) =>
      what === 'sex-at-birth' || what === 'birth-order'
        ? [[what === 'birth-order' ? 'Birth order' : 'Sex at birth', what, target ?? '–', source ?? '–'] as const]
        : [],
    ),
    ...(found.has('deceased')
      ? [['Died', 'deceased' as const, yesOrNo(target.deceased), yesOrNo(source.deceased)] as const]
      : []),
    ['Numbers', null, numbersOf(target), numbersOf(source)],
    ['Phone', null, target.phone ?? '–', source.phone ?? '–'],
    ['Address', null, target.address ?? '–', source.address ?? '–'],
    ['Last visit', null, dayText(target.lastVisit) || '–', dayText(source.lastVisit) || '–'],
    ['In the chart', null, contentText(kept), contentText(moved)],
    ...(target.active && source.active
      ? []
      : [['In use', null, yesOrNo(target.active), yesOrNo(source.active)] as const]),
  ];
  return (
    <table className="w-full table-fixed border-collapse text-sm" aria-label="The two charts">
      <thead>
        <tr className="text-left">
          <th className="w-28 py-1.5" scope="col">
            <span className="sr-only">What</span>
          </th>
          <th scope="col" className="rounded-t-md bg-ok-soft px-2.5 py-1.5 font-medium text-ok-text">
            This chart stays
          </th>
          <th scope="col" className="px-2.5 py-1.5 font-medium text-ink-2">
            <span className="flex items-center justify-between gap-2">
              This one is merged into it
              <Button size="sm" icon={ArrowLeftRight} onClick={onSwap}>
                Swap
              </Button>
            </span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, what, stays, goes]) => {
          const difference = what === null ? undefined : found.get(what);
          return (
            <tr key={label} className={classes('border-line border-t', difference?.confirm && 'bg-warn-soft')}>
              <th scope="row" className="py-1.5 pl-1 text-left font-normal text-ink-3">
                <span className="flex items-center gap-1">
                  {difference?.confirm && (
                    <TriangleAlert aria-label="Differs" className="size-3.5 shrink-0 text-warn-text" />
                  )}
                  {label}
                </span>
              </th>
              <td className="break-words px-2.5 py-1.5">{stays}</td>
              <td className={classes('break-words px-2.5 py-1.5', difference && 'font-medium')}>{goes}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function yesOrNo(value: boolean): string {
  return value ? 'Yes' : 'No';
}

function numbersOf({ identifiers }: Side): string {
  return identifiers.map(({ value }) => value).join(', ') || '–';
}

/** What moves, where to, and what is kept of the patient. */
function Moves({ plan: { moved, source, target } }: { readonly plan: MergeShape }) {
  const words = contentOf(moved);
  const [from, to] = [source, target].map(({ name, identifiers, birthDate }) =>
    nameApart(name ?? 'No name', numberOf(identifiers), birthDate),
  );
  return (
    <p className="rounded-md bg-sunken px-3 py-2 text-sm">
      <span className="font-medium">{words.length > 0 ? `What moves: ${words.join(', ')}.` : 'No records move.'}</span>{' '}
      The chart of {to} stays. Names, numbers, phones and addresses of {from} are kept in it as well, so you can still
      find the patient by them.
    </p>
  );
}

/** What is in a chart, as people count it: the rest is records. */
function contentOf(counts: MergeShape['moved']): string[] {
  const { Note = 0, Command = 0, Task = 0, Appointment = 0, ...others } = counts;
  const counted = [
    [countText(Note, 'note', 'notes'), countText(Command, 'command', 'commands')].filter(Boolean).join(' with '),
    countText(Task, 'task', 'tasks'),
    countText(Appointment, 'appointment', 'appointments'),
    countText(
      Object.values(others).reduce((a, b) => a + b, 0),
      'other record',
      'other records',
    ),
  ];
  return counted.filter(Boolean);
}

function contentText(counts: MergeShape['moved']): string {
  return contentOf(counts).join(', ') || 'nothing';
}

function countText(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}
