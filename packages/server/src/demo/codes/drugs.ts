// The drugs the stories use: how a clinician writes them, and the RxNorm clinical drug that they are.

/** RxNorm concept and its normalized name (US National Library of Medicine). Without one, the name is all that is recorded. */
export interface Drug {
  readonly rxcui?: string;
  readonly display?: string;
}

export const DRUGS = {
  'Acetaminophen ER 650 mg tablet': {
    rxcui: '1148399',
    display: '8 HR acetaminophen 650 MG Extended Release Oral Tablet',
  },
  'Adapalene 0.1% gel': { rxcui: '307731', display: 'adapalene 0.001 MG/MG Topical Gel' },
  'Albuterol HFA 90 mcg inhaler': {
    rxcui: '2123111',
    display: 'NDA020503 200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler',
  },
  'Alendronate 70 mg tablet': { rxcui: '904431', display: 'alendronic acid 70 MG Oral Tablet' },
  'Amlodipine 5 mg tablet': { rxcui: '197361', display: 'amlodipine 5 MG Oral Tablet' },
  'Amoxicillin 400 mg/5 mL suspension': { rxcui: '308189', display: 'amoxicillin 80 MG/ML Oral Suspension' },
  'Apixaban 2.5 mg tablet': { rxcui: '1364435', display: 'apixaban 2.5 MG Oral Tablet' },
  'Aspirin 81 mg tablet': { rxcui: '243670', display: 'aspirin 81 MG Oral Tablet' },
  'Atorvastatin 40 mg tablet': { rxcui: '617311', display: 'atorvastatin 40 MG Oral Tablet' },
  'Atorvastatin 80 mg tablet': { rxcui: '259255', display: 'atorvastatin 80 MG Oral Tablet' },
  'Azithromycin 250 mg tablet': { rxcui: '308460', display: 'azithromycin 250 MG Oral Tablet' },
  'Cetirizine 1 mg/mL solution': { rxcui: '1014673', display: 'cetirizine hydrochloride 1 MG/ML Oral Solution' },
  'Desonide 0.05% cream': { rxcui: '349351', display: 'desonide 0.5 MG/ML Topical Cream' },
  'Empagliflozin 10 mg tablet': { rxcui: '1545658', display: 'empagliflozin 10 MG Oral Tablet' },
  'Emtricitabine-tenofovir DF 200-300 mg tablet': {
    rxcui: '476556',
    display: 'emtricitabine 200 MG / tenofovir disoproxil fumarate 300 MG Oral Tablet',
  },
  'Epinephrine 0.15 mg auto-injector': {},
  'Escitalopram 10 mg tablet': { rxcui: '349332', display: 'escitalopram 10 MG Oral Tablet' },
  'Ferrous sulfate 325 mg tablet': {},
  'Fluticasone HFA 44 mcg inhaler': {
    rxcui: '895994',
    display: '120 ACTUAT fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler',
  },
  'Folic acid 1 mg tablet': { rxcui: '310410', display: 'folic acid 1 MG Oral Tablet' },
  'Furosemide 40 mg tablet': { rxcui: '313988', display: 'furosemide 40 MG Oral Tablet' },
  'Gabapentin 300 mg capsule': { rxcui: '310431', display: 'gabapentin 300 MG Oral Capsule' },
  'Glucagon 1 mg auto-injector': { rxcui: '2199307', display: '0.2 ML glucagon 5 MG/ML Auto-Injector' },
  'Insulin glargine 100 units/mL pen': {
    rxcui: '847230',
    display: '3 ML insulin glargine 100 UNT/ML Pen Injector',
  },
  'Insulin lispro 100 units/mL pen': { rxcui: '1652639', display: '3 ML insulin lispro 100 UNT/ML Pen Injector' },
  'Levonorgestrel-ethinyl estradiol 0.15-0.03 mg 28-day pack': {
    rxcui: '748878',
    display:
      '{21 (ethinyl estradiol 0.03 MG / levonorgestrel 0.15 MG Oral Tablet) / 7 (inert ingredients 1 MG Oral Tablet) } Pack',
  },
  'Levothyroxine 50 mcg tablet': { rxcui: '966221', display: 'levothyroxine sodium 0.05 MG Oral Tablet' },
  'Levothyroxine 75 mcg tablet': { rxcui: '966222', display: 'levothyroxine sodium 0.075 MG Oral Tablet' },
  'Lisinopril 20 mg tablet': { rxcui: '314077', display: 'lisinopril 20 MG Oral Tablet' },
  'Losartan 100 mg tablet': { rxcui: '979480', display: 'losartan potassium 100 MG Oral Tablet' },
  'Metformin 1,000 mg tablet': { rxcui: '861004', display: 'metformin hydrochloride 1000 MG Oral Tablet' },
  'Methotrexate 2.5 mg tablet': { rxcui: '105585', display: 'methotrexate 2.5 MG Oral Tablet' },
  'Metoprolol succinate ER 50 mg tablet': {
    rxcui: '866436',
    display: '24 HR metoprolol succinate 50 MG Extended Release Oral Tablet',
  },
  'Nitroglycerin 0.4 mg sublingual tablet': { rxcui: '198039', display: 'nitroglycerin 0.4 MG Sublingual Tablet' },
  'Prednisone 20 mg tablet': { rxcui: '312615', display: 'prednisone 20 MG Oral Tablet' },
  'Prenatal multivitamin with folic acid': {},
  'Propranolol 20 mg tablet': { rxcui: '856457', display: 'propranolol hydrochloride 20 MG Oral Tablet' },
  'Sacubitril-valsartan 24-26 mg tablet': {
    rxcui: '1656340',
    display: 'sacubitril 24 MG / valsartan 26 MG Oral Tablet',
  },
  'Sertraline 100 mg tablet': { rxcui: '312938', display: 'sertraline 100 MG Oral Tablet' },
  'Spironolactone 25 mg tablet': { rxcui: '313096', display: 'spironolactone 25 MG Oral Tablet' },
  'Sumatriptan 50 mg tablet': { rxcui: '313161', display: 'sumatriptan 50 MG Oral Tablet' },
  'Umeclidinium-vilanterol 62.5-25 mcg inhaler': {
    rxcui: '1487527',
    display: '30 ACTUAT umeclidinium 0.0625 MG/ACTUAT / vilanterol 0.025 MG/ACTUAT Dry Powder Inhaler',
  },
  'Vitamin D3 1,000 unit tablet': { rxcui: '199362', display: 'cholecalciferol 0.025 MG Oral Tablet' },
  'Vitamin D3 400 units/mL drops': { rxcui: '251154', display: 'cholecalciferol 0.01 MG/ML Oral Solution' },
} as const satisfies Record<string, Drug>;

export type DrugName = keyof typeof DRUGS;
