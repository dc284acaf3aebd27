// A prescription: the drug, the sig, and one line of how much for how long. What is rarely needed is behind a button.

import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Select, TextInput } from '../ui/field.tsx';
import { valueAt } from './command-doc.ts';
import type { ControlProps } from './control-props.ts';
import { FieldRow } from './field-row.tsx';
import type { FormProps } from './form-props.ts';
import { LineControl } from './control.tsx';
import { ObjectControl } from './object-control.tsx';
import { PrescribingChecks } from './prescribing-checks.tsx';

/** NCPDP quantity qualifiers that most prescriptions need. */
const UNITS: readonly (readonly [code: string, text: string])[] = [
  ['C48542', 'Tablet'],
  ['C48480', 'Capsule'],
  ['C28254', 'mL'],
  ['C48155', 'Gram'],
  ['C62275', 'Puff'],
  ['C62609', 'Patch'],
  ['C64933', 'Each'],
];

const RARE = ['supervisingProvider', 'noteToPharmacist', 'compoundMedicationId', 'compoundMedicationData'] as const;

export function PrescribeForm({ doc, view }: FormProps) {
  const packaged = (valueAt(view, 'typeToDispense') as Dispensing | undefined)?.representativeNdc !== undefined;
  const [more, setMore] = useState(() => packaged || RARE.some((name) => valueAt(view, name) !== undefined));
  const row = { doc, view };
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-2 sm:grid-cols-8">
      <FieldRow {...row} name="prescribe" className="col-span-full" placeholder="Drug and strength" />
      <FieldRow
        {...row}
        name="sig"
        className="col-span-full"
        placeholder="1 tablet by mouth once daily"
        control={(props) => <LineControl {...props} />}
      />
      <FieldRow {...row} name="quantityToDispense" placeholder="30" />
      <FieldRow
        {...row}
        name="typeToDispense"
        className={more ? 'sm:col-span-3' : 'sm:col-span-2'}
        control={(props) => <Dispensed {...props} packaged={more} />}
      />
      <FieldRow {...row} name="refills" placeholder="0" />
      <FieldRow {...row} name="daysSupply" label="Days" unit="" placeholder="30" />
      <FieldRow {...row} name="substitutions" className="sm:col-span-3" />
      <FieldRow {...row} name="indications" className="col-span-2 sm:col-span-4" />
      <FieldRow {...row} name="pharmacy" className="col-span-2 sm:col-span-4" />
      <FieldRow {...row} name="prescriber" className="col-span-2 sm:col-span-4" />
      {more ? (
        <>
          <FieldRow {...row} name="supervisingProvider" className="col-span-2 sm:col-span-4" />
          <FieldRow {...row} name="noteToPharmacist" className="col-span-full" />
          <FieldRow {...row} name="compoundMedicationId" className="col-span-2" />
          <FieldRow {...row} name="compoundMedicationData" className="col-span-full" control={ObjectControl} />
        </>
      ) : (
        <div className="col-span-2 flex items-end sm:col-span-4">
          <Button look="ghost" onClick={() => setMore(true)}>
            Supervisor, NDC, note, compound …
          </Button>
        </div>
      )}
      <PrescribingChecks />
    </div>
  );
}

interface Dispensing {
  readonly representativeNdc?: string;
  readonly ncpdpQuantityQualifierCode?: string;
  readonly display?: string;
}

/** In what it is counted, and the package by which the pharmacy knows it where that is asked for. */
function Dispensed({ tied, doc, name, value, packaged }: ControlProps & { readonly packaged: boolean }) {
  const held = (value ?? {}) as Dispensing;
  const code = held.ncpdpQuantityQualifierCode ?? '';
  const set = (change: Dispensing): void => {
    const all = Object.entries({ ...held, ...change }).filter(([, one]) => one !== undefined && one !== '');
    doc.saving.edit(name, all.length > 0 ? Object.fromEntries(all) : undefined);
  };
  return (
    <div className="flex gap-1.5">
      <Select
        {...tied}
        className="flex-1"
        value={code}
        onChange={({ target }) => {
          const display = UNITS.find(([one]) => one === target.value)?.[1] ?? '';
          set({ ncpdpQuantityQualifierCode: target.value, display });
        }}
      >
        <option value="">—</option>
        {UNITS.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
        {code !== '' && !UNITS.some(([one]) => one === code) && <option value={code}>{held.display ?? code}</option>}
      </Select>
      {packaged && (
        <Ndc value={held.representativeNdc ?? ''} onChange={(representativeNdc) => set({ representativeNdc })} />
      )}
    </div>
  );
}

function Ndc({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  return (
    <div className="w-32 flex-none">
      <TextInput
        aria-label="NDC of a package"
        inputMode="numeric"
        placeholder="NDC, 11 digits"
        maxLength={13}
        className="tabular"
        value={value}
        // Packages print it with dashes.
        onChange={({ target }) => onChange(target.value.replaceAll(/\D/g, ''))}
      />
    </div>
  );
}
