// The summary: its sections in their order. Those that are in sight at once come first.

import { useDeferredValue } from 'react';
import { Allergies } from './allergy-list.tsx';
import { Care } from './care.tsx';
import { Conditions } from './conditions.tsx';
import { Documents } from './documents.tsx';
import { Goals } from './goals.tsx';
import { History } from './history.tsx';
import { Immunizations } from './immunizations.tsx';
import { Labs } from './labs.tsx';
import { Medications } from './medication-list.tsx';
import { ProtocolCards } from './protocol-cards.tsx';
import { Devices, OtherRecords } from './other-records.tsx';
import { moveAmongRows } from './row.tsx';
import { Scores } from './scores.tsx';
import { Tasks } from './tasks.tsx';
import { Vitals } from './vitals.tsx';
import { PartOfPage } from '../ui/entry.tsx';
import { useLooking } from './opened.tsx';

const SECTIONS = [
  ['Protocols', ProtocolCards],
  ['Conditions', Conditions],
  ['Medications', Medications],
  ['Allergies', Allergies],
  ['Devices', Devices],
  ['Goals', Goals],
  ['Vitals', Vitals],
  ['Labs', Labs],
  ['Questionnaires', Scores],
  ['Immunizations', Immunizations],
  ['Tasks', Tasks],
  ['Documents and reports', Documents],
  ['Orders and plans', Care],
  ['Family, procedures, social history', History],
  ['Other records', OtherRecords],
] as const;

/** Sections of the first drawing; the others follow when the page stands, before anything else is done. */
const AT_ONCE = 5;

export function Summary() {
  const { chart } = useLooking();
  const drawn = useDeferredValue(SECTIONS.length, AT_ONCE);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the rows in it
    <div className="h-full overflow-y-auto bg-canvas pb-8" onKeyDown={moveAmongRows}>
      {SECTIONS.slice(0, drawn).map(([title, Part]) => (
        <PartOfPage key={title} title={title} of={chart}>
          {() => <Part />}
        </PartOfPage>
      ))}
    </div>
  );
}
