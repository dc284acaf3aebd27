// How old somebody is.

/** Whole years on a day, from ISO 8601 texts. Who is born in `2011`, or in `2011-06`, may be as old as its first day makes them. */
export function ageOn(day: string, birthDate: string): number {
  const birth = `${birthDate}-01-01`.slice(0, 10);
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  // Before the birthday of that year they are a year younger.
  return day.slice(5, 10) < birth.slice(5, 10) ? years - 1 : years;
}
