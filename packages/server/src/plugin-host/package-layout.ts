// The layout of npm packages in a plugin's package, which contains plain files and no links: side by side in node_modules, or, if
// names clash, below the dependent package. Each resolves as where it is installed.

import { type InstalledPackage, npmPackageRefused } from './installed-packages.ts';

/** Nesting limit. Two versions that depend on each other would nest without end. */
const MAX_DEPTH = 10;

/** The places of each package, by its installed folder: `node_modules/a`, `node_modules/b/node_modules/a`. */
export function layOut(plugin: InstalledPackage): ReadonlyMap<string, readonly string[]> {
  /** The package at each place. */
  const placed = new Map<string, InstalledPackage>();
  const places = new Map<string, string[]>();
  const waiting: { at: string; of: InstalledPackage }[] = [{ at: '', of: plugin }];
  // Breadth first: all dependencies of a package are placed before theirs, so that no place hides a package needed further up.
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

/** Prefixes of the places where a package at `at` is looked up, nearest first. */
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
