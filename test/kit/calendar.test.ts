// Days of places against the clocks of those places, which Intl knows: every day of years in which clocks were changed.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ageOn, daysAfter, daysBetween, instantAt, isDay, isTimeZone, startOfDay } from '#kit/calendar.ts';
import { firstDay, isPartialDate, lastDay, partialDateText, readPartialDate } from '#kit/partial-date.ts';

const HOUR = 3_600_000;

const PLACES: Readonly<Record<string, readonly number[]>> = {
  UTC: [2026],
  'America/New_York': [1974, 2031],
  'Australia/Sydney': [2026],
  'Australia/Lord_Howe': [2026],
  'America/Santiago': [2031],
  'Africa/Cairo': [2026],
  'Asia/Beirut': [2024],
  'Asia/Kathmandu': [1986],
  'Pacific/Kiritimati': [1995],
  'Pacific/Apia': [2011],
  'America/Sao_Paulo': [2017],
};

/** Asked of Intl in another way than the code under test does. */
function shownDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

describe('the days of a place', () => {
  for (const [zone, years] of Object.entries(PLACES)) {
    for (const year of years) {
      test(`${zone} ${year}: each begins where the one before ends, at the first moment that has its date`, () => {
        const show = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
        let end: Date | undefined;
        for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = daysAfter(day, 1)) {
          const { from, to } = daysBetween(day, day, zone);
          if (end) assert.equal(from.getTime(), end.getTime(), day);
          assert.ok(show.format(from.getTime() - 1) < day, `${day} began earlier than ${from.toISOString()}`);
          // A day that a zone skips has no moment.
          if (to > from) {
            for (let at = from.getTime(); at < to.getTime(); at += HOUR / 2) assert.equal(show.format(at), day);
            assert.equal(show.format(to.getTime() - 1), day);
          } else assert.ok(show.format(from) > day);
          end = to;
        }
      });
    }
  }

  test('days of 23, 24.5 and 25 hours, one that begins at 01:00, one that does not come', () => {
    const hours = (day: string, zone: string): number => {
      const { from, to } = daysBetween(day, day, zone);
      return (to.getTime() - from.getTime()) / HOUR;
    };
    assert.equal(hours('2031-03-09', 'America/New_York'), 23);
    assert.equal(hours('2031-11-02', 'America/New_York'), 25);
    assert.equal(hours('2026-04-05', 'Australia/Lord_Howe'), 24.5);
    assert.equal(hours('2011-12-30', 'Pacific/Apia'), 0);
    assert.equal(startOfDay('2031-09-07', 'America/Santiago').toISOString(), '2031-09-07T04:00:00.000Z');
    assert.equal(shownDay(Date.parse('2031-09-07T03:59:59Z'), 'America/Santiago'), '2031-09-06');
  });

  test('a time of day is an instant, the first of two, and later where clocks skip it', () => {
    const at = (day: string, time: string): string => instantAt(day, time, 'America/New_York').toISOString();
    assert.equal(at('2026-08-23', '09:30'), '2026-08-23T13:30:00.000Z');
    assert.equal(at('2026-11-01', '01:30'), '2026-11-01T05:30:00.000Z');
    assert.equal(at('2026-03-08', '02:30'), '2026-03-08T07:30:00.000Z');
  });

  test('what is no day, and what is no time zone', () => {
    assert.deepEqual(['2024-02-29', '2025-02-29', '2026-13-01', '0900-01-01', '2026-1-1'].map(isDay), [
      true,
      false,
      false,
      false,
      false,
    ]);
    const names = ['Europe/Rome', 'UTC', 'Mars/Base', '+05:00', '', 'Europe/Rome\0'];
    assert.deepEqual(names.map(isTimeZone), [true, true, false, false, false, false]);
  });

  test('age in years changes on the birthday', () => {
    assert.deepEqual([ageOn('1990-06-02', '2026-06-01'), ageOn('1990-06-02', '2026-06-02')], [35, 36]);
    assert.deepEqual([ageOn('1990', '2026-01-01'), ageOn(undefined, '2026-01-01')], [36, null]);
  });
});

describe('a date as well as it is known', () => {
  test('stands for all of its days', () => {
    const range = (date: string): [string, string] => [firstDay(date), lastDay(date)];
    assert.deepEqual(range('1998'), ['1998-01-01', '1998-12-31']);
    assert.deepEqual(range('2024-02'), ['2024-02-01', '2024-02-29']);
    assert.deepEqual(range('2023-02'), ['2023-02-01', '2023-02-28']);
    assert.deepEqual(range('1998-05-14'), ['1998-05-14', '1998-05-14']);
    assert.deepEqual(range('1998-05-14T23:00:00Z'), ['1998-05-14', '1998-05-14']);
    assert.deepEqual(range('0050'), ['0050-01-01', '0050-12-31']);
  });

  test('is a year, a month or a day of the calendar', () => {
    for (const date of ['1998', '1998-12', '2024-02-29']) assert.ok(isPartialDate(date), date);
    for (const date of ['98', '0000', '1998-13', '1998-5', '2023-02-29', '1998-05-14T10:00:00Z', ''])
      assert.ok(!isPartialDate(date), date);
  });

  test('is read as people write it', () => {
    const written: Readonly<Record<string, string | undefined>> = {
      '1998': '1998',
      ' 1998 ': '1998',
      '5/1998': '1998-05',
      '05/1998': '1998-05',
      '1998-05': '1998-05',
      '1998/5': '1998-05',
      'May 1998': '1998-05',
      'sept. 1998': '1998-09',
      '5/14/1998': '1998-05-14',
      '14/5/1998': '1998-05-14',
      '3/4/1998': '1998-03-04',
      '14.5.1998': '1998-05-14',
      'May 14, 1998': '1998-05-14',
      '14 May 1998': '1998-05-14',
      '1998-05-14': '1998-05-14',
      '1998-14-05': undefined,
      '2/30/1998': undefined,
      '13/1998': undefined,
      '5/98': undefined,
      'ma 1998': undefined,
      'spring 1998': undefined,
      '1998 1999': undefined,
      'about 1998?': undefined,
      '': undefined,
    };
    for (const [text, date] of Object.entries(written)) assert.equal(readPartialDate(text), date, text);
    assert.equal(readPartialDate('3/4/1998', { monthFirst: false }), '1998-04-03');
  });

  test('is written so that it is read as the same date', () => {
    assert.equal(partialDateText('1998-05-14'), 'May 14, 1998');
    for (let day = '2024-01-01'; day <= '2024-12-31'; day = daysAfter(day, 1)) {
      for (const date of [day, day.slice(0, 7), day.slice(0, 4)])
        for (const monthFirst of [true, false])
          assert.equal(readPartialDate(partialDateText(date), { monthFirst }), date);
    }
  });
});
