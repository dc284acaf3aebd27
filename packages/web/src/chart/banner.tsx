// Who the patient is and what nobody who opens the chart may miss; it stays while the chart scrolls.

import type { AllergyIntolerance, Coverage, Flag, Patient } from '@medplum/fhirtypes';
import { CalendarClock, Info, type LucideIcon, OctagonAlert, ShieldCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { EXTENSION, PLUGIN_KEY } from '@chartwire/sdk/internal/kit/systems';
import { dateIn } from '@chartwire/sdk/internal/kit/partial-date';
import { medicalRecordNumber } from '@chartwire/sdk/internal/records/person';
import { ageText, conceptText, nameText } from '../fhir/words.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Badge, TONE, type Tone } from '../ui/badge.tsx';
import { classes } from '../ui/classes.ts';
import { dayOf, todayHere } from '../today/days.ts';
import { instantFrom } from '../ui/instant.ts';
import { clockText, dayText } from '../ui/time.tsx';
import { isSevere } from '@chartwire/sdk/internal/substances/allergy-state';
import { practiceZone } from '../ui/zone.ts';
import { allergiesNow, reactionText } from './allergies.ts';
import { appointmentsAhead, appointmentText } from './care.tsx';
import { type Chart, recordsOf } from './chart-data.ts';
import { CriticalFindings } from './critical.tsx';
import { useLooking } from './opened.tsx';
import { tableOf } from '../table-of.ts';
import { Elsewhere } from '../ui/elsewhere.tsx';
import { Entry, PartOfPage } from '../ui/entry.tsx';

export function Banner({ actions }: { readonly actions: ReactNode }) {
  const { chart } = useLooking();
  const { patient } = chart;
  const name = nameText(patient.name);
  const mrn = medicalRecordNumber(patient);
  return (
    <header className="border-line border-b bg-surface">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 pt-2.5 pb-2">
        <Avatar name={name} size="lg" />
        <div className="min-w-0 flex-1 basis-60">
          <div className="flex min-w-0 items-center gap-2">
            <h1 className="truncate font-semibold text-xl tracking-tight">{name}</h1>
            {isDeceased(patient) && (
              <Badge>
                deceased {typeof patient.deceasedDateTime === 'string' ? dayText(patient.deceasedDateTime) : ''}
              </Badge>
            )}
            {patient.active === false && <Badge tone="warn">record not in use</Badge>}
          </div>
          <p className="flex flex-wrap gap-x-2.5 text-ink-2 text-sm tabular">
            <span>{[ageText(patient.birthDate, endOf(patient)), patient.gender].filter(Boolean).join(', ')}</span>
            {patient.birthDate && <span className="text-ink-3">born {dayText(patient.birthDate)}</span>}
            {mrn && <span className="text-ink-3">MRN {mrn}</span>}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">{actions}</div>
      </div>
      <div className="flex flex-wrap items-center gap-1.5 px-4 pb-2">
        <PartOfPage title="Allergies" of={chart}>
          {() => <AllergyChips chart={chart} />}
        </PartOfPage>
        <PartOfPage title="Next visit" of={chart}>
          {() => <NextVisit chart={chart} />}
        </PartOfPage>
        <PartOfPage title="Coverage" of={chart}>
          {() => <Payer chart={chart} />}
        </PartOfPage>
      </div>
      <PartOfPage title="Critical" of={chart}>
        {() => <CriticalFindings chart={chart} />}
      </PartOfPage>
      <PartOfPage title="Alerts" of={chart}>
        {() => <Alerts chart={chart} />}
      </PartOfPage>
    </header>
  );
}

export function isDeceased({ deceasedBoolean, deceasedDateTime }: Patient): boolean {
  return deceasedBoolean === true || deceasedDateTime !== undefined;
}

/** The age of who died is that at death. */
function endOf({ deceasedDateTime }: Patient): string {
  return deceasedDateTime ? dateIn(practiceZone(), deceasedDateTime) : todayHere();
}

function Chip({
  tone,
  title,
  onOpen,
  children,
}: {
  readonly tone: Tone;
  readonly title?: string | undefined;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      title={title}
      onClick={onOpen}
      className={classes(
        'inline-flex h-6 max-w-64 items-center gap-1 truncate rounded-sm px-2 font-medium text-xs hover:brightness-95 dark:hover:brightness-115',
        TONE[tone],
      )}
    >
      {children}
    </button>
  );
}

function AllergyChips({ chart }: { readonly chart: Chart }) {
  const { open } = useLooking();
  if (chart.withheld.includes('AllergyIntolerance')) return null;
  const { real, none } = allergiesNow(recordsOf(chart, 'AllergyIntolerance'));
  if (real.length === 0 && none.length === 0) return <Badge tone="warn">Allergies not asked yet</Badge>;
  const known = none.map(({ label }) => (
    <Badge key={label} tone="ok">
      {label}
    </Badge>
  ));
  if (real.length === 0) return known;
  const chip = (allergy: AllergyIntolerance) => (
    <Chip
      key={allergy.id}
      tone={isSevere(allergy) ? 'danger' : 'warn'}
      title={reactionText(allergy) || undefined}
      onOpen={() => open({ type: 'AllergyIntolerance', id: allergy.id ?? '' })}
    >
      {isSevere(allergy) && <OctagonAlert aria-hidden className="size-3 shrink-0" />}
      <span className="truncate">{conceptText(allergy.code)}</span>
      {isSevere(allergy) && <span className="sr-only">, severe</span>}
    </Chip>
  );
  return (
    <>
      <span className="text-ink-3 text-xs">Allergies</span>
      {[...real].sort((a, b) => Number(isSevere(b)) - Number(isSevere(a))).map(chip)}
      {known}
    </>
  );
}

function NextVisit({ chart }: { readonly chart: Chart }) {
  const { open } = useLooking();
  const [next] = appointmentsAhead(chart);
  if (!next?.start) return null;
  return (
    <Chip tone="neutral" title={appointmentText(next)} onOpen={() => open({ type: 'Appointment', id: next.id })}>
      <CalendarClock aria-hidden className="size-3 shrink-0" />
      <span className="sr-only">Next visit: </span>
      {dayOf(instantFrom(next.start)) === todayHere() ? 'Today' : dayText(next.start)}, {clockText(next.start)}
    </Chip>
  );
}

/** In the order they are to be billed: `order`, then as they are listed. */
export function coveragesOf(chart: Chart): readonly (Coverage & { readonly id: string })[] {
  const active = recordsOf(chart, 'Coverage').filter(({ status }) => status === 'active');
  return [...active].sort((a, b) => (a.order ?? 99) - (b.order ?? 99));
}

export function payerText({ payor, class: classes = [] }: Coverage): string {
  const plan = classes.find(({ type }) => type.coding?.some(({ code }) => code === 'plan'));
  return [payor[0]?.display ?? payor[0]?.reference, plan?.name ?? plan?.value].filter(Boolean).join(', ');
}

function Payer({ chart }: { readonly chart: Chart }) {
  const { open } = useLooking();
  const [first, ...others] = coveragesOf(chart);
  if (!first) return null;
  return (
    <Chip tone="neutral" onOpen={() => open({ type: 'Coverage', id: first.id })}>
      <ShieldCheck aria-hidden className="size-3 shrink-0" />
      <span className="sr-only">Coverage: </span>
      <span className="truncate">{payerText(first)}</span>
      {others.length > 0 && <span>+{others.length}</span>}
    </Chip>
  );
}

interface Look {
  readonly tone: Tone;
  readonly icon: LucideIcon;
}

const WARNING: Look = { tone: 'warn', icon: TriangleAlert };
const INTENT = tableOf<Look>({
  info: { tone: 'info', icon: Info },
  warning: WARNING,
  alert: { tone: 'danger', icon: OctagonAlert },
});

/** What plugins, or people, put at the top of the chart. */
function Alerts({ chart }: { readonly chart: Chart }) {
  const flags = recordsOf(chart, 'Flag').filter((flag) => {
    const places = extensionsOf(flag, EXTENSION.bannerPlacement).map(({ valueCode }) => valueCode);
    return flag.status === 'active' && (places.length === 0 || places.includes('chart'));
  });
  if (flags.length === 0) return null;
  return (
    <ul className="border-line border-t">
      {flags.map((flag) => (
        <Entry key={flag.id} of={flag}>
          {() => <Alert flag={flag} />}
        </Entry>
      ))}
    </ul>
  );
}

function extensionsOf({ extension = [] }: Flag, wanted: string): NonNullable<Flag['extension']> {
  return extension.filter(({ url }) => url === wanted);
}

function Alert({ flag }: { readonly flag: Flag }) {
  const { open } = useLooking();
  const intent = extensionsOf(flag, EXTENSION.bannerIntent)[0]?.valueCode ?? '';
  const { tone, icon: Icon } = INTENT[intent] ?? WARNING;
  const href = extensionsOf(flag, EXTENSION.bannerHref)[0]?.valueUri;
  const plugin = flag.identifier?.find(({ system }) => system === PLUGIN_KEY)?.value?.split('/')[0];
  return (
    <li className={classes('flex min-h-8 items-center gap-2 px-4 text-sm', TONE[tone])}>
      <Icon aria-hidden className="size-4 shrink-0" />
      <button
        type="button"
        onClick={() => open({ type: 'Flag', id: flag.id ?? '' })}
        className="min-h-6 min-w-0 flex-1 truncate rounded-sm text-left font-medium hover:underline"
      >
        {conceptText(flag.code) || 'Alert without text'}
      </button>
      {href && (
        <Elsewhere href={href} className="inline-flex min-h-6 items-center underline underline-offset-2">
          Open
        </Elsewhere>
      )}
      {plugin && (
        <Badge tone="plugin" title={`The plugin ${plugin} added this`}>
          {plugin}
        </Badge>
      )}
    </li>
  );
}
