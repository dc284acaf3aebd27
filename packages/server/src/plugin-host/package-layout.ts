// Where npm packages lie in a plugin's package, which holds plain files and no links: in node_modules one beside the other,
// or, where two have the same name, below the one that depends on it. Each is found from there as from where it is installed.

import { type InstalledPackage, npmPackageRefused } from './installed-packages.ts';

/** Packages below packages. Two versions that depend on each other in a circle would have no end. */
const MAX_DEPTH = 10;

/** The places of each package, by the folder where it is installed: `node_modules/a`, `node_modules/b/node_modules/a`. */
export function layOut(plugin: InstalledPackage): ReadonlyMap<string, readonly string[]> {
  /** What lies at each place. */
  const placed = new Map<string, InstalledPackage>();
  const places = new Map<string, string[]>();
  const waiting: { at: string; of: InstalledPackage }[] = [{ at: '', of: plugin }];
  // All that one depends on is placed before what those depend on: so no place hides another from who looks further up.
  for (const { at, of } of waiting) {
    for (const [name, wanted] of of.dependencies) {
      const seen = above(at)
        .map((place) => placed.get(`${place}node_modules/${name}`))
        .find((one) => one !== undefined);
      if (seen === wanted) continue;
      const place = `${seen === undefined ? '' : below(at)}node_modules/${name}`;
      if (place.split('/node_modules/').length > MAX_DEPTH)
        throw npmPackageRefused(`${name} is needed in too many versions that need each other`);
      placed.set(place, wanted);
      places.set(wanted.folder, [...(places.get(wanted.folder) ?? []), place]);
      waiting.push({ at: place, of: wanted });
    }
  }
  return places;
}

/** The prefixes of the places where a package at `at` is looked up, the nearest first. */
function above(at: string): string[] {
  const prefixes: string[] = [];
  for (let place = at; place !== ''; place = place.slice(0, Math.max(place.lastIndexOf('/node_modules/'), 0))) {
    prefixes.push(below(place));
  }
  return [...prefixes, ''];
}

function below(place: string): string {
  return place === '' ? '' : `${place}/`;
}
