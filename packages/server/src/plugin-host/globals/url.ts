// URL and URLSearchParams of the URL Standard. Tables of international domain names are loaded when one is parsed.

export { URL, URLSearchParams } from 'whatwg-url';
