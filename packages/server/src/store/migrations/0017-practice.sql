-- What an administrator says of the practice. Null until somebody says it: then the server's own setting holds.
ALTER TABLE instance ADD COLUMN time_zone text;
