// Where each row of the contract is. Written by `npm run docs`: a browser that calls the API need not have its schemas.

import type { Contract } from '#contract/index.ts';
import type { AddressesOf } from './address.ts';

export const ADDRESSES: AddressesOf<Contract> = {
  events: {
    list: 'GET /api/events',
    stream: 'stream GET /api/events/stream',
    get: 'GET /api/events/:id',
    tree: 'GET /api/events/:id/tree',
    emit: 'POST /api/events',
  },
  plugins: {
    list: 'GET /api/plugins',
    get: 'GET /api/plugins/:name',
    install: 'PUT /api/plugins/:name',
    preview: 'POST /api/plugins/:name/preview',
    health: 'GET /api/plugins/:name/health',
    remove: 'DELETE /api/plugins/:name',
    enable: 'POST /api/plugins/:name/enable',
    disable: 'POST /api/plugins/:name/disable',
    executions: 'GET /api/plugins/:name/executions',
    logs: 'GET /api/plugins/:name/logs',
    variables: {
      list: 'GET /api/plugins/:name/variables',
      set: 'PUT /api/plugins/:name/variables/:key',
      delete: 'DELETE /api/plugins/:name/variables/:key',
    },
  },
  logs: {
    list: 'GET /api/logs',
    stream: 'stream GET /api/logs/stream',
  },
  deliveries: {
    list: 'GET /api/deliveries',
    retry: 'POST /api/deliveries/:id/retry',
  },
  session: {
    get: 'GET /api/session',
    create: 'POST /api/session',
    delete: 'DELETE /api/session',
    password: 'PUT /api/session/password',
    link: 'POST /api/session/link',
    ways: 'GET /api/session/ways',
    unlink: 'DELETE /api/session/identity',
  },
  oidc: {
    methods: 'GET /api/session/methods',
    start: 'GET /api/session/oidc/start',
    callback: 'GET /api/session/oidc/callback',
  },
  users: {
    roles: 'GET /api/roles',
    list: 'GET /api/users',
    create: 'POST /api/users',
    get: 'GET /api/users/:id',
    update: 'PATCH /api/users/:id',
    reset: 'POST /api/users/:id/reset',
    unlink: 'DELETE /api/users/:id/identity',
  },
  tokens: {
    list: 'GET /api/tokens',
    create: 'POST /api/tokens',
    revoke: 'DELETE /api/tokens/:id',
  },
  audit: {
    list: 'GET /api/audit',
    chains: 'GET /api/audit/chains',
    export: 'file GET /api/audit/export',
  },
  practice: {
    get: 'GET /api/practice',
    change: 'PUT /api/practice',
    changeLocation: 'PUT /api/practice/locations/:id',
  },
  notes: {
    list: 'GET /api/notes',
    get: 'GET /api/notes/:id',
    version: 'GET /api/notes/:id/versions/:version',
    create: 'POST /api/notes',
    write: 'PATCH /api/notes/:id',
    lock: 'POST /api/notes/:id/lock',
    restore: 'POST /api/notes/:id/restore',
    unlock: 'POST /api/notes/:id/unlock',
    sign: 'POST /api/notes/:id/sign',
    delete: 'DELETE /api/notes/:id',
    addenda: {
      create: 'POST /api/notes/:id/addenda',
      enterInError: 'POST /api/notes/:id/addenda/:addendum/enter-in-error',
    },
    cosignatureRequests: {
      create: 'POST /api/notes/:id/cosignature-requests',
      sign: 'POST /api/notes/:id/cosignature-requests/:request/sign',
      withdraw: 'POST /api/notes/:id/cosignature-requests/:request/withdraw',
      return: 'POST /api/notes/:id/cosignature-requests/:request/return',
      list: 'GET /api/cosignature-requests',
    },
  },
  commands: {
    list: 'GET /api/commands',
    get: 'GET /api/commands/:id',
    update: 'PATCH /api/commands/:id',
    commit: 'POST /api/commands/:id/commit',
    enterInError: 'POST /api/commands/:id/enter-in-error',
    execute: 'POST /api/commands/:id/actions/:action',
    delete: 'DELETE /api/commands/:id',
    options: 'GET /api/commands/:id/fields/:field/options',
    select: 'POST /api/commands/:id/fields/:field/select',
    originate: 'POST /api/notes/:id/commands',
  },
  charts: {
    get: 'GET /api/charts/:patient',
    timeline: 'GET /api/charts/:patient/timeline',
  },
  patients: {
    find: 'GET /api/patients',
  },
  merges: {
    list: 'GET /api/patients/:id/merges',
    merge: 'POST /api/patients/:id/merge',
    unmerge: 'POST /api/patients/:id/unmerge',
  },
  schedule: {
    get: 'GET /api/schedule',
    openNote: 'POST /api/appointments/:id/note',
  },
  tasks: {
    list: 'GET /api/tasks',
    get: 'GET /api/tasks/:id',
    create: 'POST /api/tasks',
    change: 'PATCH /api/tasks/:id',
    comment: 'POST /api/tasks/:id/comments',
  },
  messages: {
    threads: 'GET /api/messages',
    list: 'GET /api/messages/:patient',
    send: 'POST /api/messages',
    read: 'POST /api/messages/:patient/read',
  },
  reports: {
    list: 'GET /api/reports',
    reviewDiagnosticReport: 'POST /api/reports/DiagnosticReport/:id/review',
    reviewDocumentReference: 'POST /api/reports/DocumentReference/:id/review',
    results: 'GET /api/reports/DiagnosticReport/:id/results',
  },
  visits: {
    addBillingLineItem: 'POST /api/notes/:id/billing-line-items',
  },
  appointments: {
    book: 'POST /api/appointments',
    checkIn: 'POST /api/appointments/:id/check-in',
    noShow: 'POST /api/appointments/:id/no-show',
    cancel: 'POST /api/appointments/:id/cancel',
    restore: 'POST /api/appointments/:id/restore',
    reschedule: 'POST /api/appointments/:id/reschedule',
  },
  inbox: {
    receive: 'POST /api/inbox',
    list: 'GET /api/inbox',
    get: 'GET /api/inbox/:id',
    content: 'file GET /api/inbox/:id/content',
    match: 'POST /api/inbox/:id/match',
    file: 'POST /api/inbox/:id/file',
    discard: 'DELETE /api/inbox/:id',
  },
  attachments: {
    documentReference: 'file GET /api/attachments/DocumentReference/:id/:index',
    diagnosticReport: 'file GET /api/attachments/DiagnosticReport/:id/:index',
  },
  printouts: {
    note: 'file GET /api/notes/:id/printout.pdf',
    command: 'file GET /api/commands/:id/printout.pdf',
  },
  terms: {
    list: 'GET /api/terms',
    search: 'GET /api/terms/search',
    import: 'PUT /api/terms',
  },
  checks: {
    list: 'GET /api/checks',
    disable: 'POST /api/checks/:name/disable',
    enable: 'POST /api/checks/:name/enable',
  },
  openapi: {
    get: 'GET /api/openapi.json',
  },
};
