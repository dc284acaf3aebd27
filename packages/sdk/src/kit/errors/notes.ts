// Notes, commands, and the gates before them.

import type { ErrorRow } from '../error-row.ts';

export const NOTE_ERRORS = {
  'note.not-found': {
    status: 404,
    issue: 'not-found',
    sentence: 'There is no note {id}.',
    next: 'Make one with POST /api/notes.',
  },
  'note.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This cannot be done: {reason}.',
    next: 'Unlock or restore the note first, where that is right.',
  },
  'note.committed': {
    status: 409,
    issue: 'business-rule',
    sentence: 'A note with committed commands is not deleted: what they made would stay in the chart.',
    next: 'Enter its committed commands in error first, if all of it is wrong.',
  },
  'note.billed': {
    status: 409,
    issue: 'business-rule',
    sentence: 'A note whose visit has charges is not deleted: they would stay without it.',
    next: 'Remove its charges first, if all of it is wrong.',
  },
  'note.signed': {
    status: 409,
    issue: 'business-rule',
    sentence: 'A note that has been signed can’t be deleted: it keeps what was signed, and by whom.',
    next: 'Enter its commands in error if they are wrong, say in the note what was wrong, and sign it again; or add an addendum once it is locked or signed.',
  },
  'note.unlock': {
    status: 403,
    issue: 'forbidden',
    sentence:
      'You can’t unlock this note. Its author, the person who locked it or signed it first, and a supervisor who co-signed it can, and so can anyone with the right to unlock others’ notes.',
    next: 'Add an addendum, which needs no unlock, or ask one of them. An administrator gives the right with the role supervisor or the scope {scope}.',
  },
  'note.unseen': {
    status: 409,
    issue: 'conflict',
    sentence: 'The note was not signed: a command in it changed after you read it.',
    next: 'Read the note again, and sign it if what it says now is right.',
  },
  'note.reason': {
    status: 422,
    issue: 'required',
    sentence: 'Unlocking a note takes a reason, which is kept with the note.',
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
    sentence: 'This would take more than {limit} pages, the most that one PDF can have.',
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
    sentence: '{command} is not a command.',
    next: 'See GET /api/commands for the commands.',
  },
  'command.state': {
    status: 409,
    issue: 'business-rule',
    sentence: 'This cannot be done: {reason}.',
    next: 'See /docs/notes-and-commands.html#states-of-a-command for what a command allows, and when.',
  },
  'command.fields': {
    status: 422,
    issue: 'invalid',
    sentence: 'The {command} command is not valid: {reason}.',
    next: 'Correct the fields named in the answer.',
  },
  'gate.refused': {
    status: 422,
    issue: 'business-rule',
    sentence: '{plugin} refused: {message}',
    next: 'Change what it names. If the check is wrong, speak with whoever looks after the plugin, or have it switched off.',
  },
  'gate.confirm': {
    status: 422,
    issue: 'business-rule',
    sentence: '{plugin} asks for confirmation: {message}',
    next: 'Send it again with `overrides: [{check, reason}]` if it is right all the same.',
  },
  'gate.blocked': {
    status: 503,
    issue: 'transient',
    sentence: 'A check that must run could not: {plugin} ({message}).',
    next: 'Try again; if it stays so, the operator can disable the plugin.',
  },
  'gate.amendment': {
    status: 422,
    issue: 'business-rule',
    sentence: '{plugin} amended it to what may not be: {reason}',
    next: 'Speak with whoever looks after the plugin, or have the operator disable it.',
  },
} as const satisfies Record<string, ErrorRow>;
