// How the embedded server is configured: for one small machine, and so that its log never holds a patient's data.

/** Given on the command line, so they hold whatever postgresql.conf says; everything else is PostgreSQL's default. */
export const SETTINGS = {
  // Nobody reaches it but through a socket that only the server's own user and root may open.
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  password_encryption: 'scram-sha-256',

  // What is acknowledged is on the disk.
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',

  shared_buffers: '128MB',
  max_connections: '100',
  max_wal_size: '1GB',
  // No standby reads this log: backups are exports of our own.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Parallel queries want shared memory that containers are short of, and short queries gain nothing by them.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  jit: 'off',
  // A forgotten transaction holds up every reader of the event log.
  idle_in_transaction_session_timeout: '60s',

  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',

  // A week of logs, a file a weekday. Errors of statements go to who sent them and not into the log: their messages,
  // details and statements quote values. `log` is above `error` here, so crashes, refused logins and starts are kept.
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

/** What a server that need not outlive a power cut is told besides: it never waits for the disk, and serves many nodes. */
export const NOT_DURABLE = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '400',
} as const satisfies Partial<Record<keyof typeof SETTINGS, string>>;

/** Who may connect: only through the socket, only with the password. */
export const HBA = 'local all all scram-sha-256\n';
