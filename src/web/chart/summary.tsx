// The summary: its sections in their order.

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
import { moveAmongRows } from './row.tsx';
import { Tasks } from './tasks.tsx';
import { Vitals } from './vitals.tsx';

const SECTIONS = [
  ProtocolCards,
  Conditions,
  Medications,
  Allergies,
  Goals,
  Vitals,
  Labs,
  Immunizations,
  Tasks,
  Documents,
  Care,
  History,
];

export function Summary() {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the rows in it
    <div className="h-full overflow-y-auto bg-canvas pb-8" onKeyDown={moveAmongRows}>
      {SECTIONS.map((Part) => (
        <Part key={Part.name} />
      ))}
    </div>
  );
}
