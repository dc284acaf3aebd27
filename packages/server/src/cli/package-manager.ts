// The package manager that started the command, so that suggestions use the same one.

/** Whether `pnpm exec` or a script of pnpm started it. */
export function isUnderPnpm(): boolean {
  return process.env.npm_config_user_agent?.startsWith('pnpm/') ?? false;
}

/** How the `chartwire` command is run again from the same shell: under a package manager it isn't on the path. */
export function ownCommand(): string {
  if (isUnderPnpm()) return 'pnpm exec chartwire';
  return process.env.npm_lifecycle_event ? 'npx chartwire' : 'chartwire';
}
