// Brand names that people use for an allergy or a drug, with the ingredients they have always had in the US. Leaves out brands
// whose products differ in active ingredients.

// biome-ignore format: a table is read by its rows
const TABLE: Readonly<Record<string, readonly string[]>> = {
  'bactrim|septra': ['sulfamethoxazole', 'trimethoprim'],
  augmentin: ['amoxicillin', 'clavulanate'],
  amoxil: ['amoxicillin'],
  unasyn: ['ampicillin', 'sulbactam'],
  zosyn: ['piperacillin', 'tazobactam'],
  keflex: ['cephalexin'], rocephin: ['ceftriaxone'], ceftin: ['cefuroxime'], omnicef: ['cefdinir'],
  zithromax: ['azithromycin'], biaxin: ['clarithromycin'], cipro: ['ciprofloxacin'], levaquin: ['levofloxacin'],
  flagyl: ['metronidazole'], cleocin: ['clindamycin'], 'macrobid|macrodantin': ['nitrofurantoin'], diflucan: ['fluconazole'],
  silvadene: ['silver sulfadiazine'],
  'percocet|endocet': ['oxycodone', 'acetaminophen'],
  'vicodin|norco|lortab': ['hydrocodone', 'acetaminophen'],
  'oxycontin|roxicodone': ['oxycodone'], dilaudid: ['hydromorphone'], demerol: ['meperidine'], ultram: ['tramadol'],
  tylenol: ['acetaminophen'], 'advil|motrin': ['ibuprofen'], 'aleve|naprosyn': ['naproxen'], celebrex: ['celecoxib'],
  mobic: ['meloxicam'], toradol: ['ketorolac'], voltaren: ['diclofenac'],
  'zestril|prinivil': ['lisinopril'], zestoretic: ['lisinopril', 'hydrochlorothiazide'], vasotec: ['enalapril'],
  cozaar: ['losartan'], hyzaar: ['losartan', 'hydrochlorothiazide'], diovan: ['valsartan'], entresto: ['sacubitril', 'valsartan'],
  'lopressor|toprol': ['metoprolol'], norvasc: ['amlodipine'], lasix: ['furosemide'],
  lipitor: ['atorvastatin'], crestor: ['rosuvastatin'], zocor: ['simvastatin'],
  coumadin: ['warfarin'], eliquis: ['apixaban'], xarelto: ['rivaroxaban'], plavix: ['clopidogrel'],
  glucophage: ['metformin'], januvia: ['sitagliptin'], janumet: ['sitagliptin', 'metformin'],
  zoloft: ['sertraline'], prozac: ['fluoxetine'], lexapro: ['escitalopram'], celexa: ['citalopram'], paxil: ['paroxetine'],
  xanax: ['alprazolam'], ativan: ['lorazepam'], klonopin: ['clonazepam'], valium: ['diazepam'], ambien: ['zolpidem'],
  dilantin: ['phenytoin'], tegretol: ['carbamazepine'], lamictal: ['lamotrigine'], depakote: ['divalproex'],
  neurontin: ['gabapentin'], lyrica: ['pregabalin'], zofran: ['ondansetron'], benadryl: ['diphenhydramine'],
};

/** The ingredients of each brand, by its name in lower case. */
export const BRANDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(TABLE).flatMap(([names, ingredients]) => names.split('|').map((name) => [name, ingredients] as const)),
);
