// One appointment of the day: when, who, why, where it stands, and what can be done now.

import { BookOpenText, Ellipsis, FolderOpen, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, memo } from 'react';
import type { Slot } from '@chartwire/client/internal/contract/schedule';
import { ageText, sexText } from '../fhir/words.ts';
import { tableOf } from '../table-of.ts';
import { Badge, TONE, type Tone } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';
import { Menu } from '../ui/menu.tsx';
import { moveOrOpen } from '../ui/table.tsx';
import { clockText } from '../ui/time.tsx';
import { type Step, statusWord, stepsFrom } from './steps.ts';

export interface SlotActions {
  take(step: Step, slot: Slot): void;
  openNote(slot: Slot): void;
  openChart(slot: Slot): void;
  readonly mayMove: boolean;
  readonly mayWrite: boolean;
}

/** Nobody is waited for. */
export const OVER = new Set(['cancelled', 'noshow', 'entered-in-error']);

export const SlotRow = memo(function SlotRow({
  slot,
  actions,
  busy,
}: {
  readonly slot: Slot;
  readonly actions: SlotActions;
  readonly busy: boolean;
}) {
  const [word, tone] = statusWord(slot);
  const steps = actions.mayMove ? stepsFrom(slot) : [];
  // To call it off is never the likeliest.
  const likeliest = steps.find(({ step }) => step !== 'cancel');
  const others = steps.filter((step) => step !== likeliest);
  const here = /arrived|checked-in/.test(slot.status);
  const mayNote = actions.mayWrite && slot.patient !== null && !OVER.has(slot.status);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const step = steps.find(({ key }) => key === event.key);
    if (step) actions.take(step.step, slot);
    else if (event.key === 'n' && mayNote) actions.openNote(slot);
    else moveOrOpen(event, () => actions.openChart(slot));
    if (step || event.key === 'n') event.preventDefault();
  };
  return (
    <li
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the row is where the keys of its steps work
      tabIndex={0}
      data-row
      onKeyDown={onKeyDown}
      aria-label={`${clockText(slot.start)} ${slot.patient?.name ?? 'no patient'}, ${word}`}
      className={classes(
        'group grid grid-cols-[4.75rem_minmax(0,1fr)_auto] items-start gap-x-3 border-line border-b px-3 py-2 last:border-0',
        'hover:bg-hover focus-visible:outline-offset-[-2px]',
        OVER.has(slot.status) && 'text-ink-3',
      )}
    >
      <div className="pt-0.5 tabular text-sm">
        <time dateTime={slot.start} className="block font-medium">
          {clockText(slot.start)}
        </time>
        <span className="text-ink-3 text-xs">
          {Math.round((Date.parse(slot.end) - Date.parse(slot.start)) / 60_000)} min
        </span>
      </div>
      <div className="min-w-0">
        <div className="flex min-h-6 flex-wrap items-center gap-x-2 gap-y-1">
          <Who slot={slot} actions={actions} />
          <Badge tone={tone}>{busy ? 'Changing …' : word}</Badge>
          {slot.labels.map((label) => (
            <Badge key={label} tone="plugin" title="A label of this appointment">
              {label}
            </Badge>
          ))}
        </div>
        <p className="truncate text-ink-3 text-sm">
          {[slot.type, slot.reason, slot.location?.name, slot.comment].filter(Boolean).join(' · ')}
        </p>
        <Banners slot={slot} />
      </div>
      <div className="flex items-center gap-1">
        {mayNote && (
          <Button
            size="sm"
            look={here ? 'primary' : 'ghost'}
            icon={BookOpenText}
            onClick={() => actions.openNote(slot)}
          >
            {slot.note ? 'Note' : 'Start visit'}
          </Button>
        )}
        {likeliest && (
          <Button size="sm" icon={likeliest.icon} busy={busy} onClick={() => actions.take(likeliest.step, slot)}>
            {likeliest.label}
          </Button>
        )}
        <Menu
          items={[
            slot.patient && {
              label: 'Open the chart',
              icon: FolderOpen,
              keys: 'enter',
              onSelect: () => actions.openChart(slot),
            },
            ...others.map(({ step, label, icon, key }, index) => ({
              label,
              icon,
              keys: key,
              apart: index === 0,
              danger: step === 'cancel',
              onSelect: () => actions.take(step, slot),
            })),
          ]}
        >
          <IconButton icon={Ellipsis} size="sm" label="More" />
        </Menu>
      </div>
    </li>
  );
});

function Who({ slot: { patient, ...slot }, actions }: { readonly slot: Slot; readonly actions: SlotActions }) {
  if (!patient) return <span className="font-medium">No patient</span>;
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={() => actions.openChart({ patient, ...slot })}
      className="flex min-w-0 items-baseline gap-2 text-left hover:underline"
    >
      <span className="truncate font-medium">{patient.name ?? 'No name'}</span>
      <span className="shrink-0 text-ink-3 text-xs tabular">
        {[ageText(patient.birthDate ?? undefined), sexOf(patient.sex)].filter(Boolean).join(' · ')}
      </span>
    </button>
  );
}

function sexOf(sex: string | null): string {
  return sexText((sex ?? undefined) as Parameters<typeof sexText>[0]);
}

const INTENT = tableOf<Tone>({ alert: 'danger', warning: 'warn', info: 'info' });

/** What plugins want to be seen before the patient is. */
function Banners({ slot: { banners } }: { readonly slot: Slot }) {
  const here = banners.filter(
    ({ placement }) => placement.length === 0 || placement.some((place) => /card$/.test(place)),
  );
  const elsewhere = banners.length - here.length;
  if (banners.length === 0) return null;
  return (
    <ul className="mt-1 flex flex-wrap gap-1">
      {here.map(({ id, narrative, intent }) => (
        <li key={id} className={classes('rounded-sm px-1.5 py-0.5 text-xs', TONE[INTENT[intent] ?? 'info'])}>
          {narrative}
        </li>
      ))}
      {elsewhere > 0 && (
        <li className="flex items-center gap-1 px-0.5 py-0.5 text-ink-3 text-xs">
          <TriangleAlert aria-hidden className="size-3" />
          {elsewhere === 1 ? 'an alert in the chart' : `${elsewhere} alerts in the chart`}
        </li>
      )}
    </ul>
  );
}
