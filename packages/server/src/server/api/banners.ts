// Active banner alerts of a patient, most severe first.

import type { Flag } from '@medplum/fhirtypes';
import { type BannerShape, INTENTS } from '@chartwire/client/internal/contract/banners';
import { EXTENSION, FLAG_CATEGORY } from '@chartwire/sdk/internal/kit/systems';

export function bannersOf(flags: readonly Flag[]): BannerShape[] {
  const place = ({ intent }: BannerShape): number => INTENTS.indexOf(intent);
  return flags
    .filter(isBanner)
    .map(bannerView)
    .sort((a, b) => place(a) - place(b));
}

function isBanner({ status, category }: Flag): boolean {
  const marked = category?.some(({ coding }) =>
    coding?.some((one) => one.system === FLAG_CATEGORY && one.code === 'banner'),
  );
  return status === 'active' && marked === true;
}

function bannerView({ id = '', code, extension = [] }: Flag): BannerShape {
  const of = (url: string) => extension.filter((one) => one.url === url);
  return {
    id,
    narrative: code.text ?? code.coding?.[0]?.display ?? '',
    intent: of(EXTENSION.bannerIntent)[0]?.valueCode ?? 'info',
    placement: of(EXTENSION.bannerPlacement).flatMap(({ valueCode }) => valueCode ?? []),
    href: of(EXTENSION.bannerHref)[0]?.valueUri ?? null,
  };
}
