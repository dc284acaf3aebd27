// Which records a row of the audit trail is about, in one line, and in full for whoever wants to know.

export type Records = Readonly<Record<string, readonly string[]>>;

/** `2 Observations, Patient`; many types end in how many more there are. */
export function recordsText(records: Records): string {
  const said = Object.entries(records).map(([type, some]) =>
    some.length === 1 ? type : `${some.length} ${pluralOf(type)}`,
  );
  const [shown, more] = [said.slice(0, MOST), said.slice(MOST)];
  return more.length === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more.length} more types`;
}

/** Each record, a type a line. */
export function recordsTitle(records: Records): string {
  return Object.entries(records)
    .map(([type, some]) => `${type}: ${some.map(versionText).join(', ')}`)
    .join('\n');
}

/** Types that are named at most. */
const MOST = 4;

function versionText(record: string): string {
  const [id, version] = record.split('@');
  return version === undefined ? id! : `${id} (version ${version})`;
}

/** `Allergy` to `Allergies`, `History` to `Histories`, `Observation` to `Observations`. */
function pluralOf(type: string): string {
  return /[^aeiou]y$/.test(type) ? `${type.slice(0, -1)}ies` : `${type}s`;
}
