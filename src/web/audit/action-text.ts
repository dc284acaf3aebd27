// What an action of the audit trail was, in words: those of the FHIR door by name, those of /api as `notes.create`.

const FHIR: Readonly<Record<string, string>> = {
  read: 'Read',
  vread: 'Read a version of',
  search: 'Searched',
  create: 'Made',
  update: 'Changed',
  patch: 'Changed',
  delete: 'Deleted',
  history: 'Read the history of',
};

const VERBS: Readonly<Record<string, string>> = {
  list: 'Listed',
  get: 'Opened',
  create: 'Made',
  update: 'Changed',
  originate: 'Began',
  commit: 'Committed',
  export: 'Took away',
};

export function actionText(action: string): string {
  const fhir = FHIR[action];
  if (fhir) return fhir;
  const [thing, verb, ...rest] = action.split('.');
  if (!thing || !verb || rest.length > 0) return action;
  return `${VERBS[verb] ?? `${verb[0]!.toUpperCase()}${verb.slice(1)}`.replaceAll('-', ' ')}: ${thing.replaceAll('-', ' ')}`;
}
