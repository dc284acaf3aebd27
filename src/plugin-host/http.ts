// HTTP on behalf of plugins.
import { Refusal } from '#kit/errors.ts';
import type { PluginHttp } from './call.ts';

export interface HttpOptions {
  /** Hosts (`127.0.0.1:9000`) that plugins may reach although their address is private, also without TLS. */
  readonly allowPrivate?: readonly string[];
}

export function createPluginHttp(_options: HttpOptions = {}): PluginHttp {
  return {
    request: async () => {
      throw new Refusal('host.http', { reason: 'not there yet' });
    },
  };
}
