// Domain names beyond ASCII (UTS #46): a quarter of a megabyte of tables.

export { toASCII } from 'tr46';
