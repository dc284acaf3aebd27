// Tables that are asked by words from elsewhere: codes of records, states, units.

/** It has its rows and nothing else: an object would also answer to `constructor` and `toString`. */
export function tableOf<Row>(rows: Readonly<Record<string, Row>>): Readonly<Record<string, Row>> {
  return Object.assign(Object.create(null) as Record<string, Row>, rows);
}
