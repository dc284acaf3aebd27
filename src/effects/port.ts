// Who asks for an effect. What its apply() does, it does to a draft (kit/draft.ts).

/** Who asks for an effect: the plugin, and the scopes its manifest was granted. */
export interface EffectRequest {
  readonly plugin: string;
  readonly handler: string;
  readonly execution: string;
  /** The event being answered. */
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly patient: string | null;
    readonly note: string | null;
  };
  /** Writes a line to the plugin's log. */
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
}
