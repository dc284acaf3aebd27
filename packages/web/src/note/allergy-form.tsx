// An allergy: the substance, then how it shows. That none is known is the whole of what it says.

import { isOption } from '@chartwire/sdk/internal/commands/words';
import { NONE_KNOWN } from '@chartwire/sdk/internal/substances/none-known';
import { valueAt } from './command-doc.ts';
import type { FormProps } from './form-props.ts';
import { FieldRow } from './field-row.tsx';

/** What says how somebody reacts. */
const OF_A_REACTION = ['reactions', 'severity', 'criticality', 'approximateDate', 'narrative'] as const;

export function AllergyForm({ doc, view }: FormProps) {
  const substance = valueAt(view, 'allergy');
  const isNone = isOption(substance) && NONE_KNOWN.some(({ key }) => key === substance.value);
  // What was written before is not hidden: it keeps the command from being committed.
  const written = OF_A_REACTION.some((name) => valueAt(view, name) !== undefined);
  const row = { doc, view };
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-2 sm:grid-cols-6">
      <FieldRow
        {...row}
        name="allergy"
        className="col-span-full"
        placeholder="Drug class, ingredient, food … or nkda"
      />
      {isNone && !written ? (
        <p className="col-span-full text-ink-2 text-sm">
          The patient was asked and has no known allergies of this kind.
        </p>
      ) : (
        <>
          <FieldRow {...row} name="reactions" className="col-span-full" />
          <FieldRow {...row} name="severity" className="sm:col-span-2" />
          <FieldRow {...row} name="criticality" className="sm:col-span-2" />
          <FieldRow {...row} name="approximateDate" className="sm:col-span-2" />
          <FieldRow {...row} name="narrative" className="col-span-full" />
        </>
      )}
    </div>
  );
}
