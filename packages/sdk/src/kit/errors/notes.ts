// Notes, commands, and the gates before them.

import type { ErrorRow } from '../error-row.ts';

export const NOTE_ERRORS = {
  'note.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no note {id}.',
    next: 'Create one with POST /api/notes.',
  },
  'note.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This can’t be done: {reason}.',
    next: 'Unlock or restore the note first, if that’s right.',
  },
  'note.committed': {
    status: 409,
    issue: 'business-rule',
    sentence: 'A note with committed commands can’t be deleted: what they added would stay in the chart.',
    next: 'If the whole note is wrong, enter its committed commands in error first.',
  },
  'note.billed': {
    status: 409,
    issue: 'business-rule',
    sentence: 'A note whose visit has charges can’t be deleted: the charges would stay without it.',
    next: 'If the whole note is wrong, remove its charges first.',
  },
  'note.signed': {
    status: 409,
    issue: 'business-rule',
    sentence: 'A signed note can’t be deleted: it keeps what was signed, and by whom.',
    next: 'Enter wrong commands in error, say in the note what was wrong, and sign it again. Or add an addendum once it’s locked or signed.',
  },
  'note.unlock': {
    status: 403,
    issue: 'forbidden',
    sentence:
      'You can’t unlock this note. Its author, the person who locked it, the person who signed it while it was open, and a supervisor who co-signed it can, and so can anyone with the right to unlock others’ notes.',
    next: 'Add an addendum, which needs no unlock, or ask one of them. An administrator gives the right with the role supervisor or the scope {scope}.',
  },
  'note.unseen': {
    status: 409,
    issue: 'conflict',
    sentence: 'The note wasn’t signed: a command in it changed after you read it.',
    next: 'Read the note again, and sign it if it’s right.',
  },
  'note.reason': {
    status: 422,
    issue: 'required',
    sentence: 'Unlocking a note needs a reason, which is kept with the note.',
    next: 'Send it as `reason`.',
  },
  'note.not-yours': {
    status: 403,
    issue: 'forbidden',
    sentence: 'Only {whose} can do this.',
    next: 'Ask them to do it.',
  },
  'note.no-addendum': {
    status: 404,
    issue: 'not-found',
    sentence: 'The note has no addendum {id}.',
    next: 'See GET /api/notes/:id for its addenda.',
  },
  'note.no-request': {
    status: 404,
    issue: 'not-found',
    sentence: 'The note has no co-signature request {id}.',
    next: 'See GET /api/notes/:id for its requests.',
  },
  'print.too-long': {
    status: 422,
    issue: 'too-long',
    sentence: 'This would take more than {limit} pages, the limit for one PDF.',
    next: 'Read it on the screen, or print the commands of the note one by one.',
  },
  'command.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no command {id}.',
    next: 'See GET /api/notes/:id for the commands of a note.',
  },
  'command.unknown': {
    status: 422,
    issue: 'code-invalid',
    sentence: '{command} isn’t a command.',
    next: 'See GET /api/commands for the commands.',
  },
  'command.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This can’t be done: {reason}.',
    next: 'See /docs/notes-and-commands.html#states-of-a-command for what a command allows, and when.',
  },
  'command.fields': {
    status: 422,
    issue: 'invalid',
    sentence: 'The {command} command isn’t valid: {reason}.',
    next: 'Correct the fields named in the answer.',
  },
  'gate.refused': {
    status: 422,
    issue: 'business-rule',
    sentence: '{plugin} refused: {message}',
    next: 'Change what it names. If the check is wrong, ask whoever maintains the plugin to fix it, or have it switched off.',
  },
  'gate.confirm': {
    status: 422,
    issue: 'business-rule',
    sentence: '{plugin} asks for confirmation: {message}',
    next: 'If it’s right anyway, send it again with `overrides: [{check, reason}]`.',
  },
  'gate.blocked': {
    status: 503,
    issue: 'transient',
    sentence: 'A required check couldn’t run: {plugin} ({message}).',
    next: 'Try again. If it keeps failing, ask the operator to disable the plugin.',
  },
  'gate.amendment': {
    status: 422,
    issue: 'business-rule',
    sentence: '{plugin} made a change that isn’t valid: {reason}',
    next: 'Ask whoever maintains the plugin to fix it, or the operator to disable it.',
  },
} as const satisfies Record<string, ErrorRow>;
