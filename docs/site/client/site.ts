// What the pages do in the browser: light or dark, the menu of small screens, and the search. It runs before the body is
// there, so that a page is never drawn in the wrong theme.

import { offerMenu } from './menu.ts';
import { offerSearch } from './search.ts';
import { followTheme, offerTheme } from './theme.ts';

followTheme();
document.addEventListener('DOMContentLoaded', () => {
  offerTheme();
  offerMenu();
  offerSearch();
});
