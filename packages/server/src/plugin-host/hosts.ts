// Host names in a manifest: `api.example.org` at its default port, `localhost:9000`, `*.example.org` for any subdomain.

/** Whether a name covers the host and port of a URL. */
export function matches(named: string, url: URL): boolean {
  const [host, port] = named.split(':') as [string, string | undefined];
  const hostFits = host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
  return hostFits && (port === undefined ? url.port === '' : portOf(url) === Number(port));
}

export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'http:' ? 80 : 443));
}

/** Whether a name equals this host, or is a `*.` name above it. */
export function covers(names: readonly string[], host: string): boolean {
  return names.some((name) => name === host || (name.startsWith('*.') && host.endsWith(name.slice(1))));
}
