// In the place of tr46 for the URL parser. A domain in ASCII without Punycode only becomes lower case, says the URL
// Standard; for others the tables are loaded.

type ToAscii = (domain: string, options: { readonly verifyDNSLength?: boolean }) => string | null;

export const toASCII: ToAscii = (domain, options) => {
  const plain = /^[\0-\x7f]*$/.test(domain) && !/(?:^|\.)xn--/i.test(domain);
  if (plain && !options.verifyDNSLength) return domain.toLowerCase();
  return (given.library('idna').toASCII as ToAscii)(domain, options);
};
