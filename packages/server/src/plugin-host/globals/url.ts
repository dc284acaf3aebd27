// URL and URLSearchParams of the URL Standard. Tables of international domain names load on first use.

export { URL, URLSearchParams } from 'whatwg-url';
