// One row a rule: a record that breaks it, and where the fault is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '#kit/errors.ts';
import { RESOURCE_TYPES } from '#r4/resource-types.ts';
import { parseResource, validate } from '#r4/validate.ts';
import { syntheaBundles, syntheaRecords, withoutSynthea } from './synthea.ts';

const OBSERVATION = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8480-6', display: 'Systolic blood pressure' }], text: 'BP' },
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2026-01-31T08:30:00+01:00',
  valueQuantity: { value: 120, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
};

const CONDITION_CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

/** A record without faults. */
const GOOD: readonly [rule: string, resource: object][] = [
  ['an ordinary observation', OBSERVATION],
  ['a resource of nothing but its type, where nothing is required', { resourceType: 'Patient' }],
  [
    'several of an element that is as another is, of which there may be one',
    {
      resourceType: 'Consent',
      status: 'active',
      scope: { text: 'privacy' },
      category: [{ text: 'privacy' }],
      policyRule: { text: 'opt in' },
      provision: { provision: [{ type: 'deny', provision: [{ type: 'permit' }] }, { type: 'permit' }] },
    },
  ],
  [
    'a primitive with extensions beside its value',
    {
      resourceType: 'Patient',
      birthDate: '1980',
      _birthDate: { extension: [{ url: 'http://example.org/x', valueString: 'about' }] },
    },
  ],
  [
    'a required primitive with extensions instead of a value',
    {
      ...OBSERVATION,
      status: undefined,
      _status: { extension: [{ url: 'http://example.org/absent', valueCode: 'unknown' }] },
    },
  ],
  [
    'null in an array of primitives where an extension stands in',
    {
      resourceType: 'Patient',
      name: [
        { given: ['A', null], _given: [null, { extension: [{ url: 'http://example.org/x', valueCode: 'masked' }] }] },
      ],
    },
  ],
  [
    'dates of each precision',
    { resourceType: 'Patient', birthDate: '1980-02', deceasedDateTime: '2020-02-29T23:59:60Z' },
  ],
  ['29 February of a leap year', { resourceType: 'Patient', birthDate: '2024-02-29' }],
  ['an absolute reference', { ...OBSERVATION, subject: { reference: 'https://example.org/fhir/Patient/1' } }],
  ['a reference to a version', { ...OBSERVATION, subject: { reference: 'Patient/1/_history/2' } }],
  ['urn:uuid references', { ...OBSERVATION, subject: { reference: 'urn:uuid:7a671e2f-aa13-4cad-9ecc-577dfdfb1bdb' } }],
  ['a reference by identifier alone', { ...OBSERVATION, subject: { identifier: { value: '7' } } }],
  [
    'a reference to what is contained',
    { ...OBSERVATION, contained: [{ resourceType: 'Patient', id: 'p' }], subject: { reference: '#p' } },
  ],
  ['properties that are undefined', { ...OBSERVATION, note: undefined }],
  ['an open period', { resourceType: 'Patient', name: [{ family: 'A', period: { start: '2020' } }] }],
  [
    'a period whose ends cannot be told apart',
    { resourceType: 'Patient', name: [{ family: 'A', period: { start: '2020-05', end: '2020' } }] },
  ],
  ['a code of a value set that is not listed', { resourceType: 'Binary', contentType: 'application/x-anything' }],
  [
    'a narrative of formatted text',
    {
      resourceType: 'Patient',
      text: {
        status: 'generated',
        div: '<div xmlns="http://www.w3.org/1999/xhtml"><p title="a">Ada <b>L</b><br/></p></div>',
      },
    },
  ],
  [
    'an extension with extensions',
    {
      resourceType: 'Patient',
      extension: [{ url: 'http://example.org/x', extension: [{ url: 'a', valueInteger: 1 }] }],
    },
  ],
  [
    'an extension with a value of any type',
    { resourceType: 'Patient', extension: [{ url: 'http://example.org/x', valueAddress: { city: 'X' } }] },
  ],
  [
    'text beyond ASCII, surrogate pairs and line breaks',
    { resourceType: 'Patient', name: [{ text: 'Zoë 🩺\r\n\tÆ' }] },
  ],
  [
    'a transaction with conditional references',
    {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: { ...OBSERVATION, subject: { reference: 'Patient?identifier=7' } },
          request: { method: 'POST', url: 'Observation' },
        },
      ],
    },
  ],
  [
    'entries of a bundle that each refer into what they contain themselves',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: ['a', 'b'].map((id) => ({
        resource: {
          ...OBSERVATION,
          contained: [{ resourceType: 'Patient', id, gender: 'female' }],
          subject: { reference: `#${id}` },
        },
      })),
    },
  ],
  [
    'a Parameters resource',
    {
      resourceType: 'Parameters',
      parameter: [
        { name: 'a', resource: { resourceType: 'Patient' } },
        { name: 'b', valueString: 'c' },
      ],
    },
  ],
];

for (const [rule, resource] of GOOD) {
  test(`valid: ${rule}`, () => assert.deepEqual(validate(resource), []));
}

/** A record with one fault: where, and a word of what. */
const BAD: readonly [rule: string, resource: unknown, path: string, message: RegExp][] = [
  // structure
  ['not an object', 'text', '', /JSON object/],
  ['null', null, '', /JSON object/],
  ['an array', [OBSERVATION], '', /JSON object/],
  ['no resource type', { status: 'final' }, 'resourceType', /R4/],
  ['a type that R4 does not have', { resourceType: 'Bot' }, 'resourceType', /R4/],
  ['an abstract type', { resourceType: 'DomainResource' }, 'resourceType', /R4/],
  ['an element that is not of the type', { ...OBSERVATION, colour: 'red' }, 'Observation.colour', /not an element/],
  [
    'an element that is not of a datatype',
    { ...OBSERVATION, code: { text: 'x', txt: 'y' } },
    'Observation.code.txt',
    /not an element/,
  ],
  ['an element named by nonsense', { ...OBSERVATION, 'John Smith': 1 }, 'Observation', /name is not/],
  [
    'a property called __proto__',
    JSON.parse('{"resourceType":"Patient","__proto__":{"a":1}}'),
    'Patient',
    /name is not/,
  ],
  [
    'a property called constructor',
    { resourceType: 'Patient', constructor: {} },
    'Patient.constructor',
    /not an element/,
  ],
  ['a missing element', { ...OBSERVATION, code: undefined }, 'Observation.code', /required/],
  [
    'a missing element of a backbone element',
    { ...OBSERVATION, component: [{ valueString: 'x' }] },
    'Observation.component[0].code',
    /required/,
  ],
  [
    'a missing choice',
    { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { reference: 'Patient/1' } },
    'MedicationRequest.medication',
    /required/,
  ],
  ['two of one choice', { ...OBSERVATION, valueString: 'x' }, 'Observation.value', /one type/],
  [
    'a choice of a type it does not have',
    { ...OBSERVATION, valueQuantity: undefined, valueAddress: {} },
    'Observation.valueAddress',
    /not an element/,
  ],
  ['one where many belong', { ...OBSERVATION, category: { text: 'x' } }, 'Observation.category', /array/],
  ['many where one belongs', { ...OBSERVATION, code: [{ text: 'x' }] }, 'Observation.code', /only once/],
  ['an empty array', { ...OBSERVATION, category: [] }, 'Observation.category', /empty/],
  ['an empty object', { ...OBSERVATION, code: {} }, 'Observation.code', /empty/],
  ['an element with nothing but an id', { ...OBSERVATION, code: { id: 'x' } }, 'Observation.code', /empty/],
  ['null', { ...OBSERVATION, subject: null }, 'Observation.subject', /null/],
  ['null in an array', { ...OBSERVATION, category: [null] }, 'Observation.category[0]', /null/],
  [
    'null in an array of primitives',
    { resourceType: 'Patient', name: [{ given: ['A', null] }] },
    'Patient.name[0].given[1]',
    /null/,
  ],
  [
    'neither value nor extension',
    { resourceType: 'Patient', name: [{ given: ['A'], _given: [null, null] }] },
    'Patient.name[0].given[1]',
    /neither/,
  ],
  [
    'an object where a primitive belongs',
    { ...OBSERVATION, status: { value: 'final' } },
    'Observation.status',
    /string/,
  ],
  ['a primitive where an object belongs', { ...OBSERVATION, code: 'x' }, 'Observation.code', /JSON object/],
  ['a string where a boolean belongs', { resourceType: 'Patient', active: 'true' }, 'Patient.active', /true or false/],
  [
    'a string where a number belongs',
    { ...OBSERVATION, valueQuantity: { value: '120' } },
    'Observation.value.ofType(Quantity).value',
    /number/,
  ],
  [
    'a fault inside an extension of a primitive',
    { resourceType: 'Patient', birthDate: '1980', _birthDate: { extension: [{ valueString: 'x' }] } },
    'Patient.birthDate.extension[0].url',
    /required/,
  ],
  [
    'a contained resource without a type',
    { ...OBSERVATION, contained: [{ id: 'x' }] },
    'Observation.contained[0]',
    /resourceType/,
  ],
  [
    'a fault in a resource of a bundle',
    { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Patient', gender: 'm' } }] },
    'Bundle.entry[0].resource.gender',
    /one of/,
  ],
  // primitives
  ['an empty string', { resourceType: 'Patient', name: [{ family: '' }] }, 'Patient.name[0].family', /text/],
  ['a blank string', { resourceType: 'Patient', name: [{ family: ' \n' }] }, 'Patient.name[0].family', /text/],
  ['a NUL', { resourceType: 'Patient', name: [{ family: 'a\u0000' }] }, 'Patient.name[0].family', /control/],
  [
    'half a surrogate pair',
    { resourceType: 'Patient', name: [{ family: 'a\ud800' }] },
    'Patient.name[0].family',
    /text/,
  ],
  [
    'a string of more than 1 MB',
    { resourceType: 'Patient', name: [{ family: 'a'.repeat(1_048_577) }] },
    'Patient.name[0].family',
    /1 MB/,
  ],
  ['a month that is not', { resourceType: 'Patient', birthDate: '1980-13' }, 'Patient.birthDate', /date/],
  ['30 February', { resourceType: 'Patient', birthDate: '1980-02-30' }, 'Patient.birthDate', /date/],
  ['29 February of another year', { resourceType: 'Patient', birthDate: '1900-02-29' }, 'Patient.birthDate', /date/],
  [
    'a date in the order of another country',
    { resourceType: 'Patient', birthDate: '31.12.1980' },
    'Patient.birthDate',
    /date/,
  ],
  ['a date with a time', { resourceType: 'Patient', birthDate: '1980-01-01T00:00:00Z' }, 'Patient.birthDate', /date/],
  [
    'a time without a zone',
    { ...OBSERVATION, effectiveDateTime: '2026-01-31T08:30:00' },
    'Observation.effective.ofType(dateTime)',
    /zone/,
  ],
  [
    'a time without seconds',
    { ...OBSERVATION, effectiveDateTime: '2026-01-31T08:30Z' },
    'Observation.effective.ofType(dateTime)',
    /seconds/,
  ],
  ['an instant without a time', { ...OBSERVATION, issued: '2026-01-31' }, 'Observation.issued', /seconds/],
  ['an id with a space', { resourceType: 'Patient', id: 'a b' }, 'Patient.id', /id/],
  ['an id of 65 characters', { resourceType: 'Patient', id: 'a'.repeat(65) }, 'Patient.id', /id/],
  [
    'a URI with a space',
    { ...OBSERVATION, code: { coding: [{ system: 'http://a b', code: 'c' }] } },
    'Observation.code.coding[0].system',
    /URI/,
  ],
  [
    'a code with two spaces',
    { ...OBSERVATION, code: { coding: [{ code: 'a  b' }] } },
    'Observation.code.coding[0].code',
    /code/,
  ],
  [
    'a fraction where an integer belongs',
    { resourceType: 'Patient', multipleBirthInteger: 1.5 },
    'Patient.multipleBirth.ofType(integer)',
    /integer/,
  ],
  [
    'zero where a positive number belongs',
    { resourceType: 'Patient', telecom: [{ value: '1', system: 'phone', rank: 0 }] },
    'Patient.telecom[0].rank',
    /1 or more/,
  ],
  ['base64 that is none', { resourceType: 'Binary', contentType: 'text/plain', data: 'a?' }, 'Binary.data', /base64/],
  [
    'an OID of letters',
    { resourceType: 'Patient', extension: [{ url: 'http://example.org/x', valueOid: 'urn:oid:abc' }] },
    'Patient.extension[0].value.ofType(oid)',
    /OID/,
  ],
  // required bindings
  [
    'a code that is not of the value set',
    { ...OBSERVATION, status: 'done' },
    'Observation.status',
    /one of registered, preliminary, final/,
  ],
  [
    'a concept that is not of the value set',
    {
      resourceType: 'Condition',
      subject: { reference: 'Patient/1' },
      clinicalStatus: { coding: [{ system: CONDITION_CLINICAL, code: 'gone' }] },
    },
    'Condition.clinicalStatus',
    /one of active/,
  ],
  [
    'a concept of the right code in no system',
    {
      resourceType: 'Condition',
      subject: { reference: 'Patient/1' },
      clinicalStatus: { coding: [{ code: 'active' }] },
    },
    'Condition.clinicalStatus',
    /one of active/,
  ],
  [
    'a concept of text alone',
    { resourceType: 'Condition', subject: { reference: 'Patient/1' }, clinicalStatus: { text: 'active' } },
    'Condition.clinicalStatus',
    /one of active/,
  ],
  // references
  ['a reference that is none', { ...OBSERVATION, subject: { reference: 'John' } }, 'Observation.subject', /Type\/id/],
  [
    'a reference to a type that is none',
    { ...OBSERVATION, subject: { reference: 'Person1/1' } },
    'Observation.subject',
    /Type\/id/,
  ],
  [
    'a reference to a type R4 does not have',
    { ...OBSERVATION, subject: { reference: 'Bot/1' } },
    'Observation.subject',
    /not a resource type/,
  ],
  [
    'a reference to a type the element may not refer to',
    { ...OBSERVATION, subject: { reference: 'Organization/1' } },
    'Observation.subject',
    /only refer to/,
  ],
  [
    'a conditional reference outside a transaction',
    { ...OBSERVATION, subject: { reference: 'Patient?identifier=7' } },
    'Observation.subject',
    /Type\/id/,
  ],
  // invariants
  [
    'a value and a reason for none (obs-6)',
    { ...OBSERVATION, dataAbsentReason: { text: 'asked' } },
    'Observation',
    /obs-6/,
  ],
  [
    'a component that repeats the code of the value (obs-7)',
    { ...OBSERVATION, component: [{ code: OBSERVATION.code, valueString: 'x' }] },
    'Observation',
    /obs-7/,
  ],
  [
    'a component that repeats the code of the value after another component (obs-7)',
    {
      ...OBSERVATION,
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
      component: ['9279-1', '8867-4'].map((code) => ({
        code: { coding: [{ system: 'http://loinc.org', code }] },
        valueString: 'x',
      })),
    },
    'Observation',
    /obs-7/,
  ],
  [
    'a reference range of nothing (obs-3)',
    { ...OBSERVATION, referenceRange: [{ age: { low: { value: 1 } } }] },
    'Observation.referenceRange[0]',
    /obs-3/,
  ],
  [
    'a contact without a way to reach it (pat-1)',
    { resourceType: 'Patient', contact: [{ gender: 'male' }] },
    'Patient.contact[0]',
    /pat-1/,
  ],
  [
    'a period that ends before it starts (per-1)',
    { resourceType: 'Patient', name: [{ family: 'A', period: { start: '2020-02', end: '2020-01' } }] },
    'Patient.name[0].period',
    /per-1/,
  ],
  [
    'a quantity with a code and no system (qty-3)',
    { ...OBSERVATION, valueQuantity: { value: 1, code: 'mg' } },
    'Observation.value.ofType(Quantity)',
    /qty-3/,
  ],
  [
    'a telecom value without a system (cpt-2)',
    { resourceType: 'Patient', telecom: [{ value: '1' }] },
    'Patient.telecom[0]',
    /cpt-2/,
  ],
  [
    'a reference into nothing contained (ref-1)',
    { ...OBSERVATION, subject: { reference: '#p' } },
    'Observation.subject',
    /ref-1/,
  ],
  [
    'a reference into what another entry contains (ref-1)',
    {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          resource: {
            ...OBSERVATION,
            contained: [{ resourceType: 'Patient', id: 'p', gender: 'female' }],
            subject: { reference: '#p' },
          },
        },
        { resource: { ...OBSERVATION, subject: { reference: '#p' } } },
      ],
    },
    'Bundle.entry[1].resource.subject',
    /ref-1/,
  ],
  [
    'an extension with value and extensions (ext-1)',
    {
      resourceType: 'Patient',
      extension: [{ url: 'http://example.org/x', valueString: 'a', extension: [{ url: 'b', valueString: 'c' }] }],
    },
    'Patient.extension[0]',
    /ext-1/,
  ],
  [
    'an extension of nothing (ext-1)',
    { resourceType: 'Patient', extension: [{ url: 'http://example.org/x' }] },
    'Patient.extension[0]',
    /ext-1/,
  ],
  [
    'a contained resource that contains (dom-2)',
    {
      ...OBSERVATION,
      contained: [{ resourceType: 'Patient', id: 'p', contained: [{ resourceType: 'Patient', id: 'q' }] }],
    },
    'Observation',
    /dom-2/,
  ],
  [
    'an appointment with a start and no end (app-2)',
    {
      resourceType: 'Appointment',
      status: 'proposed',
      start: '2026-01-01T00:00:00Z',
      participant: [{ status: 'accepted', actor: { reference: 'Patient/1' } }],
    },
    'Appointment',
    /app-2/,
  ],
  [
    'an allergy without a status (ait-1)',
    { resourceType: 'AllergyIntolerance', patient: { reference: 'Patient/1' } },
    'AllergyIntolerance',
    /ait-1/,
  ],
  [
    'a range whose low is above its high (rng-2)',
    {
      ...OBSERVATION,
      valueQuantity: undefined,
      valueRange: { low: { value: 2, unit: 'g' }, high: { value: 1, unit: 'g' } },
    },
    'Observation.value.ofType(Range)',
    /rng-2/,
  ],
  [
    'a bundle of type collection with a total (bdl-1)',
    { resourceType: 'Bundle', type: 'collection', total: 1 },
    'Bundle',
    /bdl-1/,
  ],
  [
    'a questionnaire with one linkId twice (que-2)',
    {
      resourceType: 'Questionnaire',
      status: 'active',
      item: [
        { linkId: '1', type: 'string' },
        { linkId: '1', type: 'string' },
      ],
    },
    'Questionnaire',
    /que-2/,
  ],
  // narrative
  ['a script in a narrative', narrative('<div><script>x()</script></div>'), 'Patient.text.div', /txt-1/],
  ['an event attribute in a narrative', narrative('<div onclick="x()">a</div>'), 'Patient.text.div', /txt-1/],
  ['a script behind a link', narrative('<div><a href="java&#10;script:x()">a</a></div>'), 'Patient.text.div', /txt-1/],
  ...[
    ...[
      'background:url(javascript:x())',
      'background-image: url("data:text/html,x")',
      'color:url(x)',
      'color:u\\rl(x)',
      'width: expression(x())',
    ],
    ...['position:fixed;top:0', 'POSITION : absolute', 'behavior:x', '-moz-binding:x', '@import "x"', 'z-index:9'],
    ...[
      'width:99999px',
      'margin-left:-500px',
      'height:1e9px',
      'color:&#114;ed',
      'font:url(x)',
      'border-image:url(x) 1',
    ],
    ...[
      'color:red/*;*/',
      'transform:scale(9)',
      'display:block;inset:0',
      'list-style:url(vbscript:x)',
      'color:image-set(x)',
    ],
  ].map((style): (typeof BAD)[number] => [
    `the style ${style} in a narrative`,
    narrative(`<div style='${style}'>a</div>`),
    'Patient.text.div',
    /txt-1/,
  ]),
  ['an image by a set of addresses', narrative('<div><img srcset="x 1x"/></div>'), 'Patient.text.div', /txt-1/],
  ['a background by an address', narrative('<div><table background="x"></table>a</div>'), 'Patient.text.div', /txt-1/],
  ['a narrative that is not well nested', narrative('<div><b>a</div></b>'), 'Patient.text.div', /txt-1/],
  ['a narrative outside a div', narrative('<p>a</p>'), 'Patient.text.div', /txt-1/],
  ['an unclosed tag', narrative('<div>a<img src="x" </div>'), 'Patient.text.div', /txt-1/],
  ['a narrative of nothing', narrative('<div> </div>'), 'Patient.text.div', /txt-2/],
];

test('a narrative may have what makes it readable, and links and images from anywhere', () => {
  const styles = [
    'color: #333; text-align:center',
    "font-family:'Arial', &quot;X&quot;; width: 100%",
    'border:1px solid rgb(0, 0, 0)',
    'color:#112233; background: #fff5e6 url(tbl_bck1.png) repeat-y',
    'background-image: url(data: image/png;base64,iVBORw0KGgo=); list-style-image:url(&quot;https://example.org/a.png&quot;)',
  ];
  const links = [
    ...[
      'https://example.org/a?b=1&amp;c=%20d#e',
      'ftp://example.org/a',
      'mailto:a@example.org?subject=x',
      'tel:+1-555',
    ],
    ...['Patient/1/_history/2', '#a', '../a.html?x=1', 'urn:uuid:00000000-0000-4000-8000-000000000001', ''],
  ];
  const images = ['https://example.org/a.png', 'data:image/png;base64,iVBORw0KGgo=', '#image', 'Binary/1'];
  const contents = [
    ...styles.map((style) => `<p style="${style}">a</p>`),
    ...links.map((href) => `<a href="${href}" target='_blank'>a</a>`),
    ...images.map((src) => `<img src="${src}" alt=""/>`),
    ...['a &lt; b &#160;&#x1F600; &quot;', '<!-- a --><address>a</address>', `a\n${'long '.repeat(300_000)}`],
  ];
  for (const content of contents) {
    const div = `<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="en">${content}</div>`;
    assert.deepEqual(validate(narrative(div)), [], content.slice(0, 200));
  }
});

test('a narrative that a reader of XML would choke on is refused with the place', () => {
  const malformed: readonly [content: string, said: RegExp][] = [
    ['a & b', /line 1, column 8: .*&amp;/],
    ['a\n &nbsp;', /line 2, column 2: &nbsp; .*&#160;/],
    ['&foo;', /line 1, column 6: &foo; is no entity/],
    ['&#0;', /column 6: the number/],
    ['&#x110000;', /column 6: the number/],
    ['a < b', /column 8: .*&lt;/],
    ['a ]]> b', /column 8: .*&gt;/],
    ['<p>a', /<\/div> closes what <p> opened/],
    ['<b>a</i>', /column 10: <\/i> closes what <b> opened/],
    ['<br>', /<\/div> closes what <br> opened/],
    ['<p title="a" title="b">a</p>', /column 19: the attribute title is there twice/],
    ['<p title=a>a</p>', /column 6: the tag p/],
    ['<p title="a & b">a</p>', /column 18: .*&amp;/],
    ['<a href="?a=1&b=2">a</a>', /column 19: .*&amp;/],
    ['<P>a</P>', /column 6: the element P is not allowed/],
    ['<p xmlns="urn:other">a</p>', /column 9: the namespace/],
    ['<p o:x="1">a</p>', /column 9: the attribute o:x has a prefix/],
    ['<!-- a -- b -->', /column 6: the comment/],
    ['<![CDATA[a]]>', /column 6: CDATA is not allowed: write the text itself/],
    ['<!DOCTYPE html>', /column 6: a declaration is not allowed/],
    ['<?pi x?>', /column 6: a processing instruction is not allowed/],
    ['<h:p>a</h:p>', /column 6: the element h:p has a prefix: .*xmlns/],
    ['<iframe src="https://example.org"></iframe>', /column 6: the element iframe/],
    ['<a href="&#106;avascript&#58;x()">a</a>', /column 9: the href holds a script/],
    ['<a href="data:text/html,x">a</a>', /column 9: the href holds a script/],
  ];
  for (const [content, said] of malformed) {
    const faults = validate(narrative(`<div>${content} x</div>`));
    assert.deepEqual(
      faults.map(({ path }) => path),
      ['Patient.text.div'],
      content,
    );
    assert.match(faults[0]!.message, said, content);
  }
  const [unclosed] = validate(narrative('<div>a<p>'));
  assert.match(unclosed!.message, /line 1, column 7: <p> is not closed/);
});

function narrative(div: string): object {
  return { resourceType: 'Patient', text: { status: 'generated', div } };
}

for (const [rule, resource, path, message] of BAD) {
  test(`invalid: ${rule}`, () => {
    const faults = validate(resource);
    assert.deepEqual(
      faults.map((fault) => fault.path),
      [path],
      JSON.stringify(faults),
    );
    assert.match(faults[0]!.message, message);
    assert.match(faults[0]!.message, /^\S.*\.$/s, 'a sentence');
  });
}

test('every fault is told, each at its own place', () => {
  const faults = validate({
    resourceType: 'Observation',
    status: 'x',
    category: [{ text: 'a' }, { text: '' }],
    component: [{ code: { text: 'a' }, valueInteger: 1.5 }],
  });
  assert.deepEqual(
    faults.map(({ path }) => path),
    [
      'Observation.status',
      'Observation.category[1].text',
      'Observation.component[0].value.ofType(integer)',
      'Observation.code',
    ],
  );
});

test('no message holds what the record says', () => {
  const secret = 'Zbigniew';
  const resource = {
    resourceType: 'Patient',
    [secret]: secret,
    [`${secret} !`]: secret,
    gender: secret,
    birthDate: secret,
    active: secret,
    name: [secret],
    managingOrganization: { reference: secret },
    maritalStatus: secret,
    telecom: [{ system: secret }],
  };
  const told = JSON.stringify(
    validate(resource).map(({ message }) => message.replaceAll(`${secret} is not an element`, '')),
  );
  assert.ok(!told.includes(secret), told);
});

test('what is hostile is refused and never throws', () => {
  const nested = (depth: number): object =>
    depth === 0 ? { url: 'x', valueString: 'y' } : { url: 'x', extension: [nested(depth - 1)] };
  const hostile: readonly unknown[] = [
    { resourceType: 'Patient', extension: [nested(5000)] },
    { resourceType: 'Patient', name: Array.from({ length: 100_000 }, () => 1) },
    {
      resourceType: 'Patient',
      name: Array.from({ length: 1000 }, () => ({ given: Array.from({ length: 100 }, () => '') })),
    },
    Object.fromEntries([['resourceType', 'Patient'], ...Array.from({ length: 10_000 }, (_, i) => [`x${i}`, i])]),
    {
      resourceType: 'Patient',
      contained: Array.from({ length: 1000 }, () => ({ resourceType: 'Patient', contained: 7 })),
    },
    { resourceType: ['Patient'] },
    {
      ...Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x${i}`, i])),
      ...{ resourceType: 'Condition', clinicalStatus: { coding: 'x' }, subject: 7 },
    },
    {
      resourceType: 'Patient',
      name: Array.from({ length: 150 }, () => ({ use: 'x' })),
      maritalStatus: { coding: 'x' },
      contact: [{ relationship: [{ coding: { code: 7 } }], period: { start: {}, end: [] } }],
    },
    narrative('<'.repeat(1_000_000)),
    narrative(`<div><a ${' '.repeat(500_000)}`),
    narrative(`<div>${'&amp;'.repeat(200_000)}${'<p a="'.repeat(100_000)}`),
    narrative(`<div style="${'url('.repeat(100_000)}">a</div>`),
    narrative(`<div style="a:${'- '.repeat(100_000)}">a</div>`),
    { resourceType: 'Observation', status: [[]], code: [[]], subject: [[[]]] },
    Object.assign(Object.create(null), { resourceType: 'Patient', name: Object.create(null) }),
    7,
    undefined,
    () => {},
  ];
  for (const resource of hostile) {
    const faults = validate(resource);
    assert.ok(faults.length > 0 && faults.length <= 100, `${faults.length} faults`);
  }
});

test('a hostile narrative costs what its length does', (t) => {
  const narratives: Record<string, (count: number) => string> = {
    'texts between tags': (count) => `<div>${'x<br/>'.repeat(count)}</div>`,
    'attributes on a tag': (count) => `<div ${Array.from({ length: count }, (_, i) => `a${i}="x"`).join(' ')}>x</div>`,
    'entities and tags': (count) => `<div>${'&lt;<br/>'.repeat(count)}</div>`,
    'spaces before the address of a picture': (count) => `<div style="background:url(${' '.repeat(count)}x x">x</div>`,
    'spaces before the quote of a picture': (count) => `<div style='background:url(${' '.repeat(count)}"'>x</div>`,
    'a long word in a style': (count) => `<div style="color:${'a'.repeat(count)}">x</div>`,
    'spaces in a style': (count) => `<div style="color${' '.repeat(count)}:red">x</div>`,
    'spaces in the value of a style': (count) => `<div style="color:a${' '.repeat(count)}b">x</div>`,
  };
  for (const [what, of] of Object.entries(narratives)) {
    // The least of three, so that what else the machine does counts for little.
    const cost = (count: number): number => {
      const resource = narrative(of(count));
      const costs = [1, 2, 3].map(() => {
        const begun = process.cpuUsage();
        validate(resource);
        const { user, system } = process.cpuUsage(begun);
        return user + system;
      });
      return Math.min(...costs);
    };
    const size = what.includes('picture') ? 250 : 5000;
    const [few, many] = [cost(size), cost(8 * size)];
    t.diagnostic(`${what}: ${few} µs, eight times as many ${many} µs`);
    // Eight times as much; 64 times if it grew with the square. The constant is for what is too short to measure.
    assert.ok(many < 24 * few + 100_000, `${what}: ${few} µs, eight times as many ${many} µs`);
  }
});

test('a style is as long as styles are, besides the pictures it holds', () => {
  const picture = `background-image:url(data:image/png;base64,${'A'.repeat(10_000)})`;
  assert.deepEqual(validate(narrative(`<div style="color:red;${picture}">a</div>`)), []);
  const [fault] = validate(narrative(`<div style="${'color:red;'.repeat(500)}">a</div>`));
  assert.match(fault!.message, /the style/);
});

test('every type of R4 compiles and judges', () => {
  for (const resourceType of RESOURCE_TYPES) {
    const faults = validate({ resourceType, notAnElement: 1 });
    assert.ok(
      faults.some(({ path }) => path === `${resourceType}.notAnElement`),
      resourceType,
    );
  }
});

test('every Synthea bundle, and every record in it once resolved, is valid', { skip: withoutSynthea }, () => {
  for (const bundle of syntheaBundles()) assert.deepEqual(validate(bundle), []);
  for (const record of syntheaRecords()) assert.deepEqual(validate(record), [], `${record.resourceType}/${record.id}`);
});

test('parseResource refuses a record with its faults, and a record of another type', () => {
  assert.equal(parseResource('Observation', OBSERVATION), OBSERVATION);
  assert.equal(parseResource(undefined, OBSERVATION), OBSERVATION);
  const refused = (body: unknown, type?: 'Patient' | 'Observation'): Refusal => {
    try {
      parseResource(type, body);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    throw new Error('it was accepted');
  };
  assert.equal(refused({ ...OBSERVATION, status: 'x', code: undefined }).code, 'record.invalid');
  assert.equal(refused({ ...OBSERVATION, status: 'x', code: undefined }).faults.length, 2);
  assert.match(
    refused({ ...OBSERVATION, code: undefined }, 'Observation').message,
    /^Observation isn’t valid: at Observation.code: code is required\.$/,
  );
  assert.equal(refused(OBSERVATION, 'Patient').faults[0]!.path, 'resourceType');
  assert.equal(refused(undefined).code, 'record.invalid');
});
