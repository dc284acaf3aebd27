// Strengths of drugs as people say them: RxNorm writes 0.05 MG where a clinician types 50 mcg, 80 MG/ML for 400 mg/5 mL.

const MASS = /(\d+(?:\.\d+)?) MG(\/MG|\/ML)?/g;
const SPOON = 5;

/** Words to find a clinical drug by, beside those of its RxNorm name. */
export function spokenStrengths(name: string): string {
  const said: string[] = [];
  for (const [, number, per] of name.matchAll(MASS)) {
    const amount = Number(number);
    if (per === '/MG') said.push(`${plain(amount * 100)}%`);
    else if (per === '/ML' && /\bOral (Suspension|Solution)\b/.test(name)) {
      said.push(`${plain(amount * SPOON)} mg ${SPOON} ml`);
    } else if (per === '/ML') said.push(`${plain(amount / 10)}%`);
    else if (amount < 1) said.push(`${plain(amount * 1_000)} mcg`);
  }
  if (/\bUNT\b/.test(name)) said.push('units');
  return said.join(' ');
}

/** Without the dust of binary fractions. */
function plain(amount: number): string {
  return String(Number(amount.toPrecision(6)));
}
