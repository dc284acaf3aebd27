// Ingredients of the drugs that primary care prescribes, and their classes. RxCUIs are those of RxNorm's ingredients (US National
// Library of Medicine); unreliable ones are left out.

export interface Ingredient {
  /** RxNorm's name in lower case, without the salt. */
  readonly name: string;
  /** RxCUI of the ingredient. */
  readonly rxcui: string | undefined;
  /** Keys of its classes. */
  readonly classes: readonly string[];
}

// biome-ignore format: a table is read by its rows
const TABLE: readonly (readonly [name: string, rxcui?: string, classes?: string])[] = [
  // ── antibiotics, antifungals, antivirals
  ['amoxicillin', '723', 'penicillins'], ['clavulanate', '48203'], ['ampicillin', '733', 'penicillins'],
  ['sulbactam'], ['dicloxacillin', '3356', 'penicillins'], ['nafcillin', '7233', 'penicillins'],
  ['oxacillin', '7773', 'penicillins'], ['penicillin g', '7980', 'penicillins'], ['penicillin v', '7984', 'penicillins'],
  ['piperacillin', '8339', 'penicillins'], ['tazobactam', '37617'],
  ['cefaclor', '2176', 'cephalosporins'], ['cefadroxil', '2177', 'cephalosporins'], ['cefazolin', '2180', 'cephalosporins'],
  ['cefdinir', '25037', 'cephalosporins'], ['cefepime', '20481', 'cephalosporins'], ['cefixime', '25033', 'cephalosporins'],
  ['cefotaxime', '2186', 'cephalosporins'], ['cefoxitin', '2189', 'cephalosporins'], ['cefpodoxime', '20489', 'cephalosporins'],
  ['cefprozil', '19552', 'cephalosporins'], ['ceftazidime', '2191', 'cephalosporins'], ['ceftriaxone', '2193', 'cephalosporins'],
  ['cefuroxime', '2194', 'cephalosporins'], ['cephalexin', '2231', 'cephalosporins'],
  ['ertapenem', '325642', 'carbapenems'], ['imipenem', undefined, 'carbapenems'], ['meropenem', '29561', 'carbapenems'],
  ['sulfamethoxazole', '10180', 'sulfonamide-antibiotics'], ['trimethoprim', '10829'],
  ['sulfadiazine', '10171', 'sulfonamide-antibiotics'], ['sulfasalazine', '9524', 'sulfonamide-antibiotics salicylates'],
  ['sulfacetamide', '10169', 'sulfonamide-antibiotics'], ['silver sulfadiazine', '9793', 'sulfonamide-antibiotics'],
  ['azithromycin', '18631', 'macrolides'], ['clarithromycin', '21212', 'macrolides'], ['erythromycin', '4053', 'macrolides'],
  ['ciprofloxacin', '2551', 'fluoroquinolones'], ['levofloxacin', '82122', 'fluoroquinolones'],
  ['moxifloxacin', '139462', 'fluoroquinolones'], ['ofloxacin', '7623', 'fluoroquinolones'],
  ['doxycycline', '3640', 'tetracyclines'], ['minocycline', '6980', 'tetracyclines'], ['tetracycline', '10395', 'tetracyclines'],
  ['gentamicin', '1596450', 'aminoglycosides'], ['tobramycin', '10627', 'aminoglycosides'], ['neomycin', '7299', 'aminoglycosides'],
  ['clindamycin', '2582'], ['nitrofurantoin', '7454'], ['vancomycin', '11124'], ['linezolid', '190376'],
  ['metronidazole', '6922', 'nitroimidazoles'], ['tinidazole', undefined, 'nitroimidazoles'],
  ['bacitracin', '1291'], ['mupirocin', '42372'], ['polymyxin b', '8536'], ['isoniazid', '6038'], ['rifampin', '9384'],
  ['dapsone', '3108'], ['fosfomycin'], ['nystatin', '7597'], ['terbinafine', '37801'], ['griseofulvin', '5021'],
  ['fluconazole', '4450', 'azole-antifungals'], ['itraconazole', '28031', 'azole-antifungals'],
  ['ketoconazole', '6135', 'azole-antifungals'], ['clotrimazole', '2623', 'azole-antifungals'],
  ['acyclovir', '281'], ['valacyclovir', '73645'], ['oseltamivir', '260101'], ['ribavirin', '9344'],
  ['emtricitabine', '276237'], ['tenofovir disoproxil'], ['hydroxychloroquine', '5521'], ['ivermectin', '6069'],
  // ── pain, inflammation, gout
  ['acetaminophen', '161'], ['aspirin', '1191', 'salicylates'], ['salsalate', '36108', 'salicylates'],
  ['celecoxib', '140587', 'nsaids'], ['diclofenac', '3355', 'nsaids'], ['etodolac', '24605', 'nsaids'],
  ['ibuprofen', '5640', 'nsaids'], ['indomethacin', '5781', 'nsaids'], ['ketorolac', '35827', 'nsaids'],
  ['meloxicam', '41493', 'nsaids'], ['nabumetone', '31448', 'nsaids'], ['naproxen', '7258', 'nsaids'],
  ['piroxicam', '8356', 'nsaids'],
  ['buprenorphine', '1819', 'opioids'], ['codeine', '2670', 'opioids'], ['fentanyl', '4337', 'opioids'],
  ['hydrocodone', '5489', 'opioids'], ['hydromorphone', '3423', 'opioids'], ['meperidine', '6754', 'opioids'],
  ['methadone', '6813', 'opioids'], ['morphine', '7052', 'opioids'], ['oxycodone', '7804', 'opioids'],
  ['oxymorphone', undefined, 'opioids'], ['tapentadol', '787390', 'opioids'], ['tramadol', '10689', 'opioids'],
  ['naloxone', '7242'], ['naltrexone', '7243'],
  ['lidocaine', '6387', 'local-anesthetics'], ['bupivacaine', '1815', 'local-anesthetics'], ['mepivacaine', undefined, 'local-anesthetics'],
  ['benzocaine', '1399'], ['procaine', '8701'],
  ['baclofen', '1292'], ['cyclobenzaprine', '21949'], ['methocarbamol', '6845'], ['tizanidine', '57258'], ['carisoprodol', '2101'],
  ['sumatriptan', '37418', 'triptans'], ['rizatriptan', '88014', 'triptans'], ['zolmitriptan', '135775', 'triptans'],
  ['allopurinol', '519'], ['colchicine', '2683'], ['febuxostat'], ['probenecid', '8698'],
  ['methotrexate', '6851'], ['leflunomide', '27169'], ['mycophenolate'], ['azathioprine', '1256'],
  ['dexamethasone', '3264', 'corticosteroids'], ['hydrocortisone', '5492', 'corticosteroids'],
  ['methylprednisolone', '6902', 'corticosteroids'], ['prednisolone', '8638', 'corticosteroids'],
  ['prednisone', '8640', 'corticosteroids'], ['triamcinolone', '10759', 'corticosteroids'],
  ['budesonide', '19831', 'corticosteroids'], ['fluticasone', '41126', 'corticosteroids'],
  ['mometasone', '108118', 'corticosteroids'], ['desonide', undefined, 'corticosteroids'],
  // ── heart, vessels, lipids
  ['benazepril', '18867', 'ace-inhibitors'], ['captopril', '1998', 'ace-inhibitors'], ['enalapril', '3827', 'ace-inhibitors'],
  ['fosinopril', '50166', 'ace-inhibitors'], ['lisinopril', '29046', 'ace-inhibitors'], ['quinapril', '35208', 'ace-inhibitors'],
  ['ramipril', '35296', 'ace-inhibitors'],
  ['candesartan', '214354', 'arbs'], ['irbesartan', '83818', 'arbs'], ['losartan', '52175', 'arbs'],
  ['olmesartan', '321064', 'arbs'], ['telmisartan', '73494', 'arbs'], ['valsartan', '69749', 'arbs'],
  ['sacubitril', '1656328', 'neprilysin-inhibitors'],
  ['atenolol', '1202', 'beta-blockers'], ['bisoprolol', '19484', 'beta-blockers'], ['carvedilol', '20352', 'beta-blockers'],
  ['labetalol', '6185', 'beta-blockers'], ['metoprolol', '6918', 'beta-blockers'], ['nebivolol', '31555', 'beta-blockers'],
  ['propranolol', '8787', 'beta-blockers'],
  ['amlodipine', '17767', 'calcium-channel-blockers'], ['diltiazem', '3443', 'calcium-channel-blockers'],
  ['nifedipine', '7417', 'calcium-channel-blockers'], ['verapamil', '11170', 'calcium-channel-blockers'],
  ['chlorthalidone', '2409', 'thiazides'], ['hydrochlorothiazide', '5487', 'thiazides'], ['indapamide', '5764', 'thiazides'],
  ['bumetanide', '1808', 'loop-diuretics'], ['furosemide', '4603', 'loop-diuretics'], ['torsemide', '38413', 'loop-diuretics'],
  ['spironolactone', '9997'], ['triamterene', '10763'], ['clonidine', '2599'], ['guanfacine', '40114'], ['hydralazine', '5470'],
  ['doxazosin', '49276', 'alpha-blockers'], ['prazosin', '8629', 'alpha-blockers'], ['tamsulosin', '77492', 'alpha-blockers'],
  ['terazosin', '37798', 'alpha-blockers'],
  ['atorvastatin', '83367', 'statins'], ['lovastatin', '6472', 'statins'], ['pitavastatin', '861634', 'statins'],
  ['pravastatin', '42463', 'statins'], ['rosuvastatin', '301542', 'statins'], ['simvastatin', '36567', 'statins'],
  ['ezetimibe', '341248'], ['fenofibrate', '8703', 'fibrates'], ['gemfibrozil', '4719', 'fibrates'],
  ['apixaban', '1364430', 'anticoagulants'], ['dabigatran etexilate', '1037042', 'anticoagulants'],
  ['enoxaparin', '67108', 'anticoagulants'], ['heparin', '5224', 'anticoagulants'],
  ['rivaroxaban', '1114195', 'anticoagulants'], ['warfarin', '11289', 'anticoagulants'],
  ['clopidogrel', '32968'], ['digoxin', '3407'], ['amiodarone', '703'], ['nitroglycerin', '4917'], ['isosorbide mononitrate'],
  ['potassium chloride', '8591'],
  // ── mind and nerves
  ['citalopram', '2556', 'ssris'], ['escitalopram', '321988', 'ssris'], ['fluoxetine', '4493', 'ssris'],
  ['paroxetine', '32937', 'ssris'], ['sertraline', '36437', 'ssris'],
  ['desvenlafaxine', undefined, 'snris'], ['duloxetine', '72625', 'snris'], ['venlafaxine', '39786', 'snris'],
  ['amitriptyline', '704', 'tricyclics'], ['nortriptyline', '7531', 'tricyclics'], ['doxepin', '3638', 'tricyclics'],
  ['bupropion', '42347'], ['buspirone', '1827'], ['mirtazapine', '15996'], ['trazodone', '10737'], ['lithium', '6448'],
  ['alprazolam', '596', 'benzodiazepines'], ['clonazepam', '2598', 'benzodiazepines'], ['diazepam', '3322', 'benzodiazepines'],
  ['lorazepam', '6470', 'benzodiazepines'], ['temazepam', '10355', 'benzodiazepines'], ['zolpidem', '39993'],
  ['aripiprazole', '89013'], ['haloperidol', '5093'], ['olanzapine', '61381'], ['quetiapine', '51272'], ['risperidone', '35636'],
  ['carbamazepine', '2002', 'aromatic-antiepileptics'], ['lamotrigine', '28439', 'aromatic-antiepileptics'],
  ['oxcarbazepine', '32624', 'aromatic-antiepileptics'], ['phenytoin', '8183', 'aromatic-antiepileptics'],
  ['phenobarbital', '8134', 'aromatic-antiepileptics barbiturates'],
  ['gabapentin', '25480'], ['levetiracetam', '114477'], ['pregabalin', '187832'], ['topiramate', '38404'],
  ['valproate', '40254'], ['valproic acid', '11118'], ['divalproex'],
  ['amphetamine', '725'], ['dextroamphetamine', '3288'], ['lisdexamfetamine'], ['dexmethylphenidate'],
  ['methylphenidate', '6901'], ['atomoxetine', '38400'], ['modafinil', '30125'], ['phentermine', '8152'],
  ['donepezil', '135447'], ['memantine', '6719'], ['carbidopa', '2019'], ['levodopa', '6375'], ['ropinirole', '72302'],
  ['nicotine', '7407'], ['varenicline', '591622'], ['hydroxyzine', '5553'], ['meclizine', '6676'],
  // ── hormones and metabolism
  ['levothyroxine', '10582'], ['liothyronine', '10814'], ['methimazole', '6835'], ['propylthiouracil', '8794'],
  ['metformin', '6809'], ['pioglitazone', '33738'],
  ['glimepiride', '25789', 'sulfonylureas'], ['glipizide', '4821', 'sulfonylureas'], ['glyburide', '4815', 'sulfonylureas'],
  ['linagliptin', '1100699', 'dpp-4-inhibitors'], ['sitagliptin', '593411', 'dpp-4-inhibitors'],
  ['dapagliflozin', '1488564', 'sglt2-inhibitors'], ['empagliflozin', '1545653', 'sglt2-inhibitors'],
  ['dulaglutide', '1551291', 'glp-1-agonists'], ['liraglutide', '475968', 'glp-1-agonists'],
  ['semaglutide', '1991302', 'glp-1-agonists'], ['tirzepatide', '2601723', 'glp-1-agonists'],
  ['insulin aspart', '51428', 'insulins'], ['insulin degludec', undefined, 'insulins'], ['insulin glargine', '274783', 'insulins'],
  ['insulin isophane', undefined, 'insulins'], ['insulin lispro', '86009', 'insulins'], ['insulin regular', undefined, 'insulins'],
  ['glucagon', '4832'],
  ['estradiol', '4083', 'estrogens'], ['ethinyl estradiol', '4124', 'estrogens'], ['levonorgestrel', '6373', 'progestins'],
  ['medroxyprogesterone', '6691', 'progestins'], ['norethindrone', '7514', 'progestins'], ['norgestimate', '31994', 'progestins'],
  ['testosterone', '10379'], ['finasteride', '25025'], ['dutasteride', '228790'],
  ['alendronic acid', '46041', 'bisphosphonates'], ['risedronate', '73056', 'bisphosphonates'],
  ['cholecalciferol', '2418'], ['ergocalciferol', '4018'], ['folic acid', '4511'], ['vitamin b12', '11248'], ['ferrous sulfate', '24947'],
  ['sildenafil', '136411', 'pde-5-inhibitors'], ['tadalafil', '358263', 'pde-5-inhibitors'],
  ['oxybutynin', '32675'], ['phenazopyridine', '8120'],
  // ── stomach and bowel
  ['esomeprazole', '283742', 'proton-pump-inhibitors'], ['lansoprazole', '17128', 'proton-pump-inhibitors'],
  ['omeprazole', '7646', 'proton-pump-inhibitors'], ['pantoprazole', '40790', 'proton-pump-inhibitors'],
  ['famotidine', '4278', 'h2-blockers'], ['misoprostol', '42331'], ['sucralfate', '10156'],
  ['dicyclomine', '3361'], ['docusate', '82003'], ['loperamide', '6468'], ['metoclopramide', '6915'],
  ['ondansetron', '26225'], ['polyethylene glycol 3350', '221147'], ['prochlorperazine', '8704'], ['promethazine', '8745'], ['sennosides'],
  // ── lungs, allergy, eyes, skin
  ['albuterol', '435'], ['ipratropium', '7213'], ['formoterol', '25255'], ['salmeterol', '36117'], ['tiotropium', '69120'],
  ['umeclidinium'], ['vilanterol'], ['montelukast', '88249'], ['azelastine', '18603'], ['olopatadine'],
  ['cetirizine', '20610'], ['diphenhydramine', '3498'], ['fexofenadine', '87636'], ['loratadine', '28889'],
  ['benzonatate', '18993'], ['guaifenesin', '5032'], ['dextromethorphan', '3289'], ['pseudoephedrine', '8896'],
  ['epinephrine', '3992'], ['tretinoin', '10753', 'retinoids'], ['isotretinoin', '6064', 'retinoids'],
  ['acitretin', undefined, 'retinoids'], ['adapalene', '60223', 'retinoids'], ['thalidomide'], ['iodine', '5933'], ['chlorhexidine', '2358'],
  ['povidone-iodine', '8611'],
];

export const INGREDIENTS: readonly Ingredient[] = TABLE.map(([name, rxcui, classes]) => ({
  name,
  rxcui,
  classes: classes?.split(' ') ?? [],
}));

const byName: ReadonlyMap<string, Ingredient> = new Map(INGREDIENTS.map((one) => [one.name, one]));

export function ingredientNamed(name: string): Ingredient | undefined {
  return byName.get(name);
}
