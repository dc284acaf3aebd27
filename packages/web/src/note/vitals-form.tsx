// Vitals: a tight grid that is filled in from left to right. What is out of the usual range of an adult says so; the body
// mass index follows as one types.

import { isAdult } from '@chartwire/sdk/internal/records/vital-bounds';
import { useLooking } from '../chart/opened.tsx';
import { Field, Select } from '../ui/field.tsx';
import { valueAt } from './command-doc.ts';
import type { ControlProps } from './control-props.ts';
import { FieldRow } from './field-row.tsx';
import type { FormProps } from './form-props.ts';
import { bodyMassIndex, flagOf } from './vital-ranges.ts';

/** LOINC answers: was oxygen given. */
const OXYGEN: readonly (readonly [code: string, text: string])[] = [
  ['LA33-6', 'Yes'],
  ['LA32-8', 'No'],
];

export function VitalsForm({ doc, view }: FormProps) {
  const adult = isAdult(useLooking().chart.patient.birthDate);
  const row = (name: string, label?: string) => {
    const flag = adult ? flagOf(name, { [name]: valueAt(view, name) }) : undefined;
    const tone = flag?.critical ? 'text-danger-text' : 'text-warn-text';
    const aside = flag && <span className={`whitespace-nowrap font-semibold text-2xs ${tone}`}>{flag.text}</span>;
    return <FieldRow doc={doc} view={view} name={name} aside={aside} {...(label && { label })} />;
  };
  const index = bodyMassIndex((name) => valueAt(view, name));
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-2 sm:grid-cols-4">
      {row('bloodPressureSystole')}
      {row('bloodPressureDiastole')}
      <div className="col-span-2">{row('bloodPressurePositionAndSite', 'Blood pressure taken')}</div>
      {row('pulse')}
      {row('pulseRhythm')}
      {row('respirationRate')}
      {row('oxygenSaturation', 'Oxygen sat.')}
      {row('bodyTemperature')}
      {row('bodyTemperatureSite', 'Temperature taken')}
      <FieldRow doc={doc} view={view} name="supplementalOxygen" control={(props) => <Oxygen {...props} />} />
      {row('waistCircumference')}
      {row('height')}
      {row('weightLbs')}
      {row('weightOz', 'and')}
      <Field label="Body mass index">
        {({ id }) => (
          <output id={id} className="flex h-8 items-center gap-2 text-sm tabular">
            {index === undefined ? <span className="text-ink-3">height and weight</span> : `${index.toFixed(1)} kg/m²`}
          </output>
        )}
      </Field>
      <FieldRow doc={doc} view={view} name="note" className="col-span-full" />
    </div>
  );
}

function Oxygen({ tied, doc, name, value }: ControlProps) {
  const code = String(value ?? '');
  return (
    <Select {...tied} value={code} onChange={({ target }) => doc.saving.edit(name, target.value || undefined)}>
      <option value="">—</option>
      {OXYGEN.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
      {code !== '' && !OXYGEN.some(([one]) => one === code) && <option value={code}>{code}</option>}
    </Select>
  );
}
