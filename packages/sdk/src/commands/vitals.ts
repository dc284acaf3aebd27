// Vitals: the readings of a visit. The commit computes BMI from height and weight.

import { Type } from 'typebox';
import { defineCommand } from '#kit/command-kind.ts';
import { choice, text } from '#kit/schema.ts';
import { possibleIn } from '#records/vital-bounds.ts';
import { writeVitals } from './vitals-panel.ts';

/** A whole number, or with `decimals`, from `minimum` to `maximum`, in a UCUM unit. */
function reading(label: string, unit: string, minimum: number, maximum: number, decimals = false) {
  const schema = decimals ? Type.Number({ minimum, maximum }) : Type.Integer({ minimum, maximum });
  return { label, unit, schema } as const;
}

const POSITIONS_AND_SITES = [
  'sitting-right-arm',
  'sitting-left-arm',
  'sitting-right-leg',
  'sitting-left-leg',
  'standing-right-arm',
  'standing-left-arm',
  'standing-right-leg',
  'standing-left-leg',
  'supine-right-arm',
  'supine-left-arm',
  'supine-right-leg',
  'supine-left-leg',
] as const;

export const Vitals = defineCommand(
  {
    key: 'vitals',
    prefix: 'VITALS',
    label: 'Vitals',
    summary: 'Readings of one moment; each becomes a vital sign of its own.',
    fields: {
      height: reading('Height', '[in_i]', 10, 108, true),
      weightLbs: reading('Weight', '[lb_av]', 1, 1500, true),
      weightOz: reading('and ounces', '[oz_av]', 0, 15, true),
      waistCircumference: reading('Waist', '[in_i]', 20, 200, true),
      bodyTemperature: reading('Temperature', '[degF]', ...possibleIn('bodyTemperature'), true),
      bodyTemperatureSite: {
        label: 'taken',
        schema: choice(['axillary', 'oral', 'rectal', 'temporal', 'tympanic']),
      },
      bloodPressureSystole: reading('Systolic', 'mm[Hg]', ...possibleIn('bloodPressureSystole')),
      bloodPressureDiastole: reading('Diastolic', 'mm[Hg]', ...possibleIn('bloodPressureDiastole')),
      bloodPressurePositionAndSite: { label: 'taken', schema: choice(POSITIONS_AND_SITES) },
      pulse: reading('Pulse', '/min', ...possibleIn('pulse')),
      pulseRhythm: {
        label: 'Rhythm',
        schema: choice(['regular', 'irregularly-irregular', 'regularly-irregular']),
      },
      respirationRate: reading('Respiration', '/min', ...possibleIn('respirationRate')),
      oxygenSaturation: reading('Oxygen saturation', '%', ...possibleIn('oxygenSaturation')),
      supplementalOxygen: {
        label: 'Supplemental oxygen',
        schema: Type.String({ pattern: '^LA\\d+-\\d$', description: 'a LOINC answer code' }),
      },
      note: { label: 'Note', schema: text(150) },
    },
  },
  writeVitals,
);
