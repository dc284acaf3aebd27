// Names in a drug's words that aren't in our tables: misspelled, foreign, or new. Checks report them.

import { JOINED, SALTS, withoutAmounts, withoutKnown } from './drug-name.ts';

/** Words for how a drug is taken, or its form. */
// biome-ignore format: a list
const NO_NAME: ReadonlySet<string> = new Set([
  'the', 'for', 'from', 'each', 'take', 'use', 'apply', 'inject', 'inhale', 'one', 'two', 'three', 'half', 'once', 'twice', 'times', 'every',
  'daily', 'day', 'days', 'week', 'weekly', 'month', 'monthly', 'hour', 'hours', 'morning', 'evening', 'night', 'nightly', 'bedtime', 'needed', 'prn',
  'bid', 'tid', 'qid', 'qhs', 'qam', 'qpm', 'qod', 'mouth', 'orally', 'pill', 'pills', 'tab', 'tabs', 'cap', 'caps', 'chewable', 'effervescent', 'film',
  'coated', 'enteric', 'delayed', 'extended', 'immediate', 'sustained', 'modified', 'release', 'disintegrating', 'solution', 'liquid', 'syrup', 'elixir',
  'drops', 'spray', 'nasal', 'inhaler', 'inhalation', 'nebulizer', 'powder', 'cream', 'ointment', 'gel', 'lotion', 'foam', 'patch', 'patches',
  'transdermal', 'suppository', 'rectal', 'vaginal', 'ophthalmic', 'otic', 'eye', 'ear', 'sublingual', 'injection', 'injectable', 'subcutaneous',
  'intramuscular', 'intravenous', 'pen', 'vial', 'syringe', 'kit', 'pack', 'dose', 'strength', 'double', 'regular', 'also', 'plus', 'with', 'and',
  'generic', 'brand', 'same', 'usual', 'before', 'prefilled', 'actuat', 'injector', 'auto', 'inert', 'ingredients', 'system', 'metered', 'dry', 'abuse',
  'deterrent', 'cartridge', 'buccal', 'insulin', 'granules', 'lozenge', 'mucosal', 'mucous', 'membrane', 'drug', 'implant', 'pellet', 'medicated',
  'insert', 'intrauterine', 'enema', 'paste', 'mouthwash', 'shampoo', 'soap', 'bar', 'flakes', 'irrigation', 'sugar', 'free', 'flavor', 'flavored',
]);

/** In lower case, each once, in order. */
export function unknownNames(drug: string): readonly string[] {
  const found = withoutAmounts(drug)
    .split(JOINED)
    .flatMap((piece) => withoutKnown(piece))
    .map((words) => words.split(' ').filter(isOfName).join(' '))
    .filter(Boolean);
  return [...new Set(found)];
}

function isOfName(word: string): boolean {
  return /^[a-z]{3,}$/.test(word) && !NO_NAME.has(word) && !SALTS.has(word);
}
