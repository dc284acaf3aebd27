// What protocols of plugins say of the patient, and what they recommend, with the buttons that begin it.

import type { Extension, GuidanceResponse } from '@medplum/fhirtypes';
import { BellDot, CircleCheck, CircleDashed, Clock } from 'lucide-react';
import { parseJson } from '@chartwire/sdk/internal/kit/json/parse';
import { EXTENSION, PLUGIN_MODULE } from '@chartwire/sdk/internal/kit/systems';
import { Badge, type Tone } from '../ui/badge.tsx';
import { recordsOf } from './chart-data.ts';
import { BeginCommands } from './begin-commands.tsx';
import type { Recommended } from './new-note.ts';
import { useLooking } from './opened.tsx';
import { Past } from './row.tsx';
import { Section } from './section.tsx';
import { Elsewhere } from '../ui/elsewhere.tsx';
import { Entry } from '../ui/entry.tsx';

const STATUS = {
  due: { word: 'due', tone: 'warn', icon: BellDot },
  pending: { word: 'pending', tone: 'info', icon: Clock },
  satisfied: { word: 'satisfied', tone: 'ok', icon: CircleCheck },
  not_applicable: { word: 'does not apply', tone: 'neutral', icon: CircleDashed },
  not_relevant: { word: 'not relevant', tone: 'neutral', icon: CircleDashed },
} as const satisfies Readonly<Record<string, { word: string; tone: Tone; icon: typeof Clock }>>;
type Status = keyof typeof STATUS;
const ORDER = Object.keys(STATUS);

export function statusOf({ extension }: GuidanceResponse): Status {
  const code = extension?.find(({ url }) => url === EXTENSION.cardStatus)?.valueCode ?? '';
  return Object.hasOwn(STATUS, code) ? (code as Status) : 'pending';
}

export function titleOf({ extension }: GuidanceResponse): string {
  return extension?.find(({ url }) => url === EXTENSION.cardTitle)?.valueString ?? 'Guidance';
}

/** The plugin whose card it is. */
export function pluginOf({ moduleUri }: GuidanceResponse): string | undefined {
  return moduleUri?.startsWith(`${PLUGIN_MODULE}/`) ? moduleUri.slice(PLUGIN_MODULE.length + 1) : undefined;
}

/** Nothing at all where no protocol says anything. */
export function ProtocolCards() {
  const { chart } = useLooking();
  const cards = [...recordsOf(chart, 'GuidanceResponse')].sort(
    (a, b) => ORDER.indexOf(statusOf(a)) - ORDER.indexOf(statusOf(b)),
  );
  if (cards.length === 0) return null;
  const wanted = cards.filter((card) => ['due', 'pending'].includes(statusOf(card)));
  const others = cards.filter((card) => !wanted.includes(card));
  return (
    <Section name="protocols" title="Protocols" digit="0" count={cards.length} types={['GuidanceResponse']} empty="">
      <ul className="flex flex-col gap-1.5 px-3 pl-7.5">
        {wanted.map((card) => (
          <Entry key={card.id} of={card} as="div">
            {() => <Card card={card} />}
          </Entry>
        ))}
      </ul>
      {others.length > 0 && (
        <Past label={`${others.length} that need nothing`}>
          {() =>
            others.map((card) => (
              <div key={card.id} className="px-3 pt-1.5 pl-7.5">
                <Card card={card} />
              </div>
            ))
          }
        </Past>
      )}
    </Section>
  );
}

function Card({ card }: { readonly card: GuidanceResponse }) {
  const { open } = useLooking();
  const { word, tone, icon } = STATUS[statusOf(card)];
  const plugin = pluginOf(card);
  const narrative = card.note?.map(({ text }) => text).join('\n');
  const recommendations = card.extension?.filter(({ url }) => url === EXTENSION.cardRecommendation) ?? [];
  return (
    <li className="list-none rounded-md border border-line px-2.5 py-2">
      <div className="flex items-center gap-2">
        <button
          type="button"
          data-row
          onClick={() => open({ type: 'GuidanceResponse', id: card.id ?? '' })}
          className="min-h-6 min-w-0 flex-1 truncate rounded-sm text-left font-medium text-sm hover:underline"
        >
          {titleOf(card)}
        </button>
        <Badge tone={tone} icon={icon}>
          {word}
        </Badge>
        {plugin && (
          <Badge tone="plugin" title={`The plugin ${plugin} says this`}>
            {plugin}
          </Badge>
        )}
      </div>
      {narrative && <p className="mt-0.5 whitespace-pre-line text-ink-2 text-sm">{narrative}</p>}
      {recommendations.length > 0 && (
        <ul className="mt-1.5 flex flex-col gap-1">
          {recommendations.map((recommendation, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a recommendation is its place in the card
            <li key={index} className="flex min-h-7 items-center gap-2 text-sm">
              <span className="min-w-0 flex-1">{partOf(recommendation, 'title')?.valueString}</span>
              <Begin recommendation={recommendation} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function partOf({ extension }: Extension, name: string): Extension | undefined {
  return extension?.find(({ url }) => url === name);
}

const BUTTON =
  'inline-flex h-7 shrink-0 items-center rounded-md border border-line-strong bg-surface px-2 font-medium text-xs hover:bg-hover';

function Begin({ recommendation }: { readonly recommendation: Extension }) {
  const commands = commandsOf(recommendation);
  const href = partOf(recommendation, 'href')?.valueUri;
  const button = partOf(recommendation, 'button')?.valueString ?? (commands.length > 0 ? 'Begin' : 'Open');
  if (commands.length > 0) return <BeginCommands commands={commands} label={button} />;
  if (href === undefined) return null;
  return (
    <Elsewhere href={href} className={BUTTON}>
      {button}
    </Elsewhere>
  );
}

/** None where one of them can't be read: the recommendation is shown then, and can't be begun in part. */
function commandsOf({ extension = [] }: Extension): readonly Recommended[] {
  const parts = extension.filter(({ url }) => url === 'command');
  const commands = parts.flatMap((part) => {
    const command = partOf(part, 'key')?.valueCode;
    const fields = fieldsIn(partOf(part, 'fields')?.valueString ?? '{}');
    return command !== undefined && fields ? [{ command, fields }] : [];
  });
  return commands.length === parts.length ? commands : [];
}

function fieldsIn(text: string): Recommended['fields'] {
  try {
    const fields: unknown = parseJson(text);
    const whole = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
    return whole ? (fields as Recommended['fields']) : undefined;
  } catch {
    return undefined;
  }
}
