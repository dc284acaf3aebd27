// The landing page at `/`: what this is and where to go. Shows no data.

export const LANDING_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chartwire</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 12vh auto; padding: 0 1.5rem; }
  h1 { font-size: 1.6rem; margin-bottom: 0; }
  dt { font-family: ui-monospace, monospace; margin-top: .9rem; }
  dd { margin: 0; opacity: .8; }
</style>
</head>
<body>
<h1>Chartwire</h1>
<p>A clinical record that speaks: every change is a typed event, and plugins answer events with effects.</p>
<dl>
  <dt>/fhir/R4</dt><dd>Records, by FHIR R4. <a href="/fhir/R4/metadata">What is served</a></dd>
  <dt>/api</dt><dd>Events, plugins, deliveries, tokens. Described at /api/openapi.json</dd>
  <dt>chartwire --help</dt><dd>The command line: plugins, imports, tokens, live logs.</dd>
</dl>
<p>Both doors ask for a bearer token: <code>chartwire token create --help</code>.</p>
</body>
</html>
`;
