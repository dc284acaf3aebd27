// Drugs known to harm a pregnancy, by their FDA labeling, by ingredient or class. A drug that isn't listed may still be wrong in
// pregnancy.

export interface PregnancyCaution {
  /** The risk, as part of a sentence. */
  readonly harm: string;
  readonly source: string;
}

const FDA = 'FDA labeling';

// biome-ignore format: a table is read by its rows
const CLASSES: Readonly<Record<string, string>> = {
  'ace-inhibitors': 'injury or death of the fetus',
  arbs: 'injury or death of the fetus',
  'neprilysin-inhibitors': 'injury or death of the fetus',
  statins: 'possible harm to the fetus: most patients stop them in pregnancy',
  tetracyclines: 'discolored teeth and slowed growth of bone',
  nsaids: 'harm to the kidneys and the heart of the fetus from 20 weeks on',
  'sglt2-inhibitors': 'harm to the developing kidneys in the second and third trimester',
};

// biome-ignore format: a table is read by its rows
const INGREDIENTS: Readonly<Record<string, string>> = {
  warfarin: 'birth defects and bleeding of the fetus',
  isotretinoin: 'severe birth defects',
  acitretin: 'severe birth defects',
  methotrexate: 'birth defects and loss of the pregnancy',
  leflunomide: 'birth defects',
  mycophenolate: 'birth defects and loss of the pregnancy',
  thalidomide: 'severe birth defects',
  ribavirin: 'birth defects and death of the fetus',
  misoprostol: 'birth defects, loss of the pregnancy and rupture of the uterus',
  valproate: 'neural tube defects and lower intelligence of the child',
  'valproic acid': 'neural tube defects and lower intelligence of the child',
  divalproex: 'neural tube defects and lower intelligence of the child',
  topiramate: 'cleft lip and palate',
  carbamazepine: 'neural tube defects',
  phenytoin: 'birth defects',
  phenobarbital: 'birth defects',
  lithium: 'heart defects',
  methimazole: 'birth defects in the first trimester',
  finasteride: 'abnormal development of a male fetus',
  dutasteride: 'abnormal development of a male fetus',
  testosterone: 'virilization of a female fetus',
  spironolactone: 'feminization of a male fetus',
  atenolol: 'slowed growth of the fetus',
};

/** Undefined if nothing is known against it. */
export function pregnancyCaution(ingredient: string, classes: readonly string[]): PregnancyCaution | undefined {
  const [own] = [ingredient].flatMap((name) => INGREDIENTS[name] ?? []);
  const harm = own ?? classes.flatMap((key) => CLASSES[key] ?? [])[0];
  return harm === undefined ? undefined : { harm, source: FDA };
}
