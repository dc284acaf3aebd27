// Drug classes: what people are allergic to as a group, and of which a patient shouldn't take two.

/** Whether a reaction to one class warns about another: always, or only after a severe one. */
export type CrossReaction = 'always' | 'severe';

export interface DrugClass {
  /** Its key in Chartwire's own code system of allergens. */
  readonly key: string;
  /** `Penicillins`. */
  readonly label: string;
  /** SNOMED CT code of the substance, if reliable. */
  readonly snomed?: string;
  /** Other names, separated by `|`. */
  readonly also?: string;
  /** A reaction to one member makes reactions to others likely. */
  readonly shared?: true;
  /** Two members at once are a duplicate. */
  readonly once?: true;
  /** Classes that a reaction to this one warns about. */
  readonly warnsOf?: Readonly<Record<string, CrossReaction>>;
}

// biome-ignore format: a table is read by its rows
export const CLASSES: readonly DrugClass[] = [
  { key: 'penicillins', shared: true, label: 'Penicillins', snomed: '373270004', also: 'penicillin|PCN|PCNs|cillins|beta lactam|beta-lactam', warnsOf: { cephalosporins: 'severe', carbapenems: 'severe' } },
  { key: 'cephalosporins', shared: true, label: 'Cephalosporins', snomed: '373262009', also: 'cephalosporin|cephs|beta lactam|beta-lactam', warnsOf: { penicillins: 'severe', carbapenems: 'severe' } },
  { key: 'carbapenems', shared: true, label: 'Carbapenems', snomed: '396345004', also: 'carbapenem|beta lactam|beta-lactam', warnsOf: { penicillins: 'severe', cephalosporins: 'severe' } },
  { key: 'sulfonamide-antibiotics', shared: true, label: 'Sulfonamide antibiotics', snomed: '387406002', also: 'sulfa|sulfas|sulpha|sulfa drugs|sulfa antibiotics|sulfonamide|sulfonamides|sulphonamides' },
  { key: 'macrolides', shared: true, label: 'Macrolides', snomed: '372480009', also: 'macrolide|mycins' },
  { key: 'fluoroquinolones', shared: true, label: 'Fluoroquinolones', also: 'fluoroquinolone|quinolone|quinolones' },
  { key: 'tetracyclines', shared: true, label: 'Tetracyclines', snomed: '373206009', also: 'cyclines|TCN' },
  { key: 'aminoglycosides', shared: true, label: 'Aminoglycosides', snomed: '14443002', also: 'aminoglycoside' },
  { key: 'nitroimidazoles', shared: true, label: 'Nitroimidazoles', also: 'nitroimidazole' },
  { key: 'azole-antifungals', label: 'Azole antifungals', also: 'azoles|azole antifungal' },
  { key: 'nsaids', shared: true, label: 'NSAIDs', snomed: '372665008', also: 'NSAID|nonsteroidal anti-inflammatory|non-steroidal anti-inflammatory drugs|anti-inflammatories', once: true, warnsOf: { salicylates: 'always' } },
  { key: 'salicylates', shared: true, label: 'Salicylates', snomed: '255637000', also: 'salicylate|ASA', warnsOf: { nsaids: 'always' } },
  { key: 'opioids', shared: true, label: 'Opioids', snomed: '404642006', also: 'opioid|opiate|opiates|narcotics|opioid analgesics' },
  { key: 'local-anesthetics', shared: true, label: 'Amide local anesthetics', also: 'caines|local anesthetic' },
  { key: 'statins', shared: true, label: 'Statins', snomed: '372912004', also: 'statin|HMG-CoA reductase inhibitors', once: true },
  { key: 'fibrates', label: 'Fibrates', also: 'fibrate', once: true },
  { key: 'ace-inhibitors', shared: true, label: 'ACE inhibitors', snomed: '372733002', also: 'ACE inhibitor|ACEI|ACEIs|angiotensin converting enzyme inhibitors', once: true, warnsOf: { arbs: 'severe', 'neprilysin-inhibitors': 'always' } },
  { key: 'arbs', shared: true, label: 'Angiotensin receptor blockers', snomed: '372913009', also: 'ARB|ARBs|sartans', once: true },
  { key: 'neprilysin-inhibitors', label: 'Neprilysin inhibitors', also: 'ARNI' },
  { key: 'beta-blockers', label: 'Beta blockers', snomed: '373254001', also: 'beta blocker', once: true },
  { key: 'calcium-channel-blockers', label: 'Calcium channel blockers', snomed: '373304005', also: 'calcium channel blocker|CCB' },
  { key: 'thiazides', label: 'Thiazide diuretics', snomed: '372747003', also: 'thiazide|thiazides|water pill', once: true },
  { key: 'loop-diuretics', label: 'Loop diuretics', also: 'loop diuretic|water pill', once: true },
  { key: 'anticoagulants', label: 'Anticoagulants', also: 'anticoagulant|blood thinners|blood thinner', once: true },
  { key: 'ssris', label: 'SSRIs', also: 'SSRI', once: true },
  { key: 'snris', label: 'SNRIs', also: 'SNRI', once: true },
  { key: 'tricyclics', label: 'Tricyclic antidepressants', snomed: '373253007', also: 'tricyclic|TCA', once: true },
  { key: 'benzodiazepines', label: 'Benzodiazepines', snomed: '372664007', also: 'benzodiazepine|benzo|benzos', once: true },
  { key: 'barbiturates', shared: true, label: 'Barbiturates', snomed: '372798009', also: 'barbiturate' },
  { key: 'aromatic-antiepileptics', shared: true, label: 'Aromatic antiepileptics', also: 'aromatic anticonvulsants' },
  { key: 'proton-pump-inhibitors', label: 'Proton pump inhibitors', also: 'PPI|PPIs', once: true },
  { key: 'h2-blockers', label: 'H2 blockers', also: 'H2 blocker', once: true },
  { key: 'sulfonylureas', label: 'Sulfonylureas', snomed: '372711004', also: 'sulfonylurea', once: true },
  { key: 'dpp-4-inhibitors', label: 'DPP-4 inhibitors', also: 'DPP4', once: true },
  { key: 'sglt2-inhibitors', label: 'SGLT2 inhibitors', also: 'SGLT2', once: true },
  { key: 'glp-1-agonists', label: 'GLP-1 receptor agonists', also: 'GLP1|GLP-1', once: true },
  { key: 'insulins', label: 'Insulins' },
  { key: 'corticosteroids', label: 'Corticosteroids', snomed: '304275008', also: 'corticosteroid|steroid|steroids' },
  { key: 'triptans', label: 'Triptans', also: 'triptan' },
  { key: 'bisphosphonates', label: 'Bisphosphonates', also: 'bisphosphonate', once: true },
  { key: 'alpha-blockers', label: 'Alpha blockers', also: 'alpha blocker', once: true },
  { key: 'pde-5-inhibitors', label: 'PDE-5 inhibitors', also: 'PDE5', once: true },
  { key: 'estrogens', label: 'Estrogens', snomed: '41598000', also: 'estrogen' },
  { key: 'progestins', label: 'Progestins', also: 'progestin' },
  { key: 'retinoids', label: 'Retinoids', also: 'retinoid' },
];

const byKey: ReadonlyMap<string, DrugClass> = new Map(CLASSES.map((one) => [one.key, one]));

/** The label inside a sentence: `penicillins`, but `NSAIDs` and `ACE inhibitors`. */
export function classInSentence({ label }: DrugClass): string {
  return /^[A-Z][a-z]/.test(label) ? `${label[0]!.toLowerCase()}${label.slice(1)}` : label;
}

export function drugClass(key: string): DrugClass | undefined {
  return byKey.get(key);
}
