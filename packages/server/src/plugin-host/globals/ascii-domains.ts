// Replaces tr46 for the URL parser. The URL Standard only lowercases an ASCII domain without Punycode; the tables are loaded for
// others.

type ToAscii = (domain: string, options: { readonly verifyDNSLength?: boolean }) => string | null;

export const toASCII: ToAscii = (domain, options) => {
  const plain = /^[\0-\x7f]*$/.test(domain) && !/(?:^|\.)xn--/i.test(domain);
  if (plain && !options.verifyDNSLength) return domain.toLowerCase();
  return (given.library('idna').toASCII as ToAscii)(domain, options);
};
