// Configuration of the embedded server: for one small machine, and so that its log never contains patient data.

/** Set on the command line, so they override postgresql.conf; everything else is PostgreSQL's default. */
export const SETTINGS = {
  // Reachable only through a socket that only the server's user and root can open.
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  password_encryption: 'scram-sha-256',

  // Acknowledged writes are on the disk.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',

  shared_buffers: '128MB',
  max_connections: '100',
  max_wal_size: '1GB',
  // No standby reads this log; backups are our own exports.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Parallel queries need shared memory, which containers lack, and don't help short queries.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
  // A forgotten transaction would block every reader of the event log.
  idle_in_transaction_session_timeout: '60s',

  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',

  // A week of logs, one file per weekday. Errors of statements go only to the client, since their messages, details, and
  // statements quote values. `log` ranks above `error` here, so crashes, refused logins, and starts are logged.
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgresql-%a.log',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  log_file_mode: '0600',
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_autovacuum_min_duration: '-1',
  log_checkpoints: 'off',
  log_lock_waits: 'off',
} as const satisfies Record<string, string>;

/** More settings for a server that needn’t survive a power cut: it never waits for the disk, and serves many nodes. */
export const NOT_DURABLE = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '400',
} as const satisfies Partial<Record<keyof typeof SETTINGS, string>>;

/** Connections: only through the socket, and with the password. */
export const HBA = 'local all all scram-sha-256\n';
