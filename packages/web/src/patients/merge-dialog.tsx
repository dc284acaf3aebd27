// Merging two charts: which other one, which of them stays, in what they differ, and what moves.

import type { Patient } from '@medplum/fhirtypes';
import { ArrowLeftRight, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { RequestOf } from '@chartwire/client/internal/client/index';
import type { MERGES, MergeShape } from '@chartwire/client/internal/contract/merges';
import { Problem } from '@chartwire/client/internal/client/index';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { nameText } from '../fhir/words.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Failed, Skeleton } from '../ui/states.tsx';
import { dayText } from '../ui/time.tsx';
import { tell } from '../ui/toast.tsx';
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
  const [plan, setPlan] = useState<MergeShape | null>(null);
  const [reason, setReason] = useState('');
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  const ask = (source: string, body: RequestOf<(typeof MERGES)['merge']>['body']): Promise<MergeShape> =>
    api.merges.merge({ params: { id: source }, body, headers: PURPOSE });
  const carryOut = (work: Promise<void>): void => {
    setBusy(true);
    setProblem(null);
    work.catch((error: unknown) => setProblem(Problem.of(error))).finally(() => setBusy(false));
  };
  const look = async (picked: PickedPatient | null, swap: boolean): Promise<void> => {
    setOther(picked);
    setSwapped(swap);
    setSure(false);
    setPlan(null);
    if (!picked) return;
    const [source, into] = swap ? [patient.id, picked.value] : [picked.value, patient.id];
    setPlan(await ask(source, { into, preview: true }));
  };
  const merge = async ({ source, target, differences }: MergeShape): Promise<void> => {
    const confirm = differences.flatMap(({ what, confirm }) => (confirm ? [what] : []));
    const why = reason.trim();
    await ask(source.id, { into: target.id, confirm, ...(why && { reason: why }) });
    tell(`The charts are one. You can undo this on the profile of ${target.name ?? 'the patient'}.`);
    onClose();
    void queries.invalidateQueries();
    go(`/patients/${target.id}/profile`);
  };
  const doubtful = plan?.differences.some(({ confirm }) => confirm) === true;
  return (
    <Dialog
      open
      place="wide"
      onClose={onClose}
      title="Merge with another chart"
      about="For a person who was registered twice. Everything goes into one chart, and the other one leads there."
      onSubmit={() => plan && sure && carryOut(merge(plan))}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy && plan !== null} disabled={!plan || !sure || busy}>
            Merge the charts
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={`The other chart of ${nameText(patient.name)}`}>
          {(tied) => (
            <PatientPicker tied={tied} autoFocus value={other} onChange={(picked) => carryOut(look(picked, swapped))} />
          )}
        </Field>
        {problem && <Failed problem={problem} />}
        {busy && !plan && <Skeleton lines={4} />}
        {plan && (
          <>
            <Sides plan={plan} onSwap={() => carryOut(look(other, !swapped))} />
            <Moves moved={plan.moved} />
            <Field label="Why" hint="Kept with the merge, for whoever wonders later.">
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
                  ? 'I have checked the differences marked above: both charts are of the same person.'
                  : 'Both charts are of the same person.'}
              </span>
            </label>
          </>
        )}
      </div>
    </Dialog>
  );
}

type Side = MergeShape['source'];

function Sides({
  plan: { source, target, differences },
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
      what === 'sex-at-birth' ? [['Sex at birth', what, target ?? '–', source ?? '–'] as const] : [],
    ),
    ...(found.has('deceased')
      ? [['Died', 'deceased' as const, yesOrNo(target.deceased), yesOrNo(source.deceased)] as const]
      : []),
    ['Numbers', null, numbersOf(target), numbersOf(source)],
    ['Phone', null, target.phone ?? '–', source.phone ?? '–'],
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

/** What moves, as people count it: the rest is records. */
function Moves({ moved }: { readonly moved: MergeShape['moved'] }) {
  const { Note = 0, Command = 0, Task = 0, Appointment = 0, ...others } = moved;
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
  const words = counted.filter(Boolean);
  return (
    <p className="rounded-md bg-sunken px-3 py-2 text-sm">
      <span className="font-medium">{words.length > 0 ? `What moves: ${words.join(', ')}.` : 'No records move.'}</span>{' '}
      Names, numbers, phones and addresses of the merged chart are kept as well, so that the patient is found by them.
    </p>
  );
}

function countText(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
}
