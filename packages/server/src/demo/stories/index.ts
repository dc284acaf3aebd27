// The demo patients, youngest first. To add one, write a story beside this file and name it here.

import type { Story } from '../story.ts';
import { amaraOkafor } from './amara-okafor.ts';
import { darnellWashington } from './darnell-washington.ts';
import { eleanorWhitfield } from './eleanor-whitfield.ts';
import { fatimaHaddad } from './fatima-haddad.ts';
import { jordanBellamy } from './jordan-bellamy.ts';
import { lanNguyen } from './lan-nguyen.ts';
import { mateoHerrera } from './mateo-herrera.ts';
import { miguelSantos } from './miguel-santos.ts';
import { noahLindqvist } from './noah-lindqvist.ts';
import { priyaRaman } from './priya-raman.ts';
import { siobhanGallagher } from './siobhan-gallagher.ts';
import { walterKowalski } from './walter-kowalski.ts';

export const STORIES: readonly Story[] = [
  amaraOkafor,
  mateoHerrera,
  noahLindqvist,
  priyaRaman,
  fatimaHaddad,
  jordanBellamy,
  darnellWashington,
  siobhanGallagher,
  miguelSantos,
  eleanorWhitfield,
  walterKowalski,
  lanNguyen,
];
