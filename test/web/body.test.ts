// The lines of a note that two people write at once.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bodyOf, isText, type Line, linesBelow, linesOf, mergeBody, moved } from '#web/note/body.ts';

const text = (words: string) => ({ text: words });
const command = (id: string) => ({ command: id });

describe('merging the lines of a note', () => {
  it('takes in what they put in, where they put it', () => {
    const from = [command('a'), command('b')];
    assert.deepEqual(
      mergeBody(from, [command('a'), text('mine'), command('b')], [command('a'), command('c'), command('b')]),
      [command('a'), command('c'), text('mine'), command('b')],
    );
  });

  it('leaves out what they took out, and keeps the order that I chose', () => {
    const from = [command('a'), text('old'), command('b'), command('c')];
    const mine = [command('c'), command('a'), text('old'), command('b')];
    assert.deepEqual(mergeBody(from, mine, [command('a'), command('c')]), [command('c'), command('a')]);
  });

  it('keeps both of a text that both changed', () => {
    const merged = mergeBody([text('It')], [text('It hurts')], [text('It itches')]);
    assert.deepEqual(new Set(merged), new Set([text('It hurts'), text('It itches')]));
  });

  it('holds each command of theirs once, whatever was mine', () => {
    const merged = mergeBody([], [command('gone'), command('a'), text('x')], [command('a'), command('b')]);
    const commands = merged.flatMap((line) => ('command' in line ? [line.command] : []));
    assert.deepEqual(commands.toSorted(), ['a', 'b']);
    assert.ok(merged.some((line) => 'text' in line && line.text === 'x'));
  });
});

describe('the lines on the screen', () => {
  it('keep their keys when others come between, and end with one to write in', () => {
    const before = linesOf([text('one'), command('a')]);
    const after = linesOf([text('one'), command('b'), command('a')], before);
    assert.equal(after[0]?.key, before[0]?.key);
    assert.deepEqual(
      after.map(({ key }) => key),
      [before[0]?.key, 'b', 'a', before.at(-1)?.key],
    );
    assert.ok(isText(after.at(-1)));
  });

  it('keep one in which nothing is written yet where it is, and save it only once something is', () => {
    const blank: Line = { key: 'blank', text: '' };
    const before = linesOf([command('a'), command('b')]).toSpliced(1, 0, blank);
    const after = linesOf([command('a'), command('c'), command('b')], before);
    assert.equal(after[1]?.key, 'blank');
    assert.deepEqual(bodyOf(after), [command('a'), command('c'), command('b')]);
  });

  it('give a text that somebody changed the key it had', () => {
    const before = linesOf([text('one'), text('two')]);
    const after = linesOf([text('one'), text('two, changed')], before);
    assert.equal(after[1]?.key, before[1]?.key);
  });

  it('take a command in the place of an empty line, and below one in which something is written', () => {
    const lines = linesOf([text('one'), command('b')]);
    const added = { key: 'a', command: 'a' };
    const below = linesBelow(lines, lines[0]!.key, [added]);
    assert.deepEqual(bodyOf(below), [text('one'), command('a'), command('b')]);
    const last = linesBelow(lines, lines[2]!.key, [added]);
    assert.deepEqual(bodyOf(last), [text('one'), command('b'), command('a')]);
    assert.equal(last.length, 4, 'in its place, and one to write in below');
    assert.ok(isText(last[3]) && last[3].key !== lines[2]!.key);
  });

  it('change places, but none goes below the empty one at the end', () => {
    const lines = linesOf([command('a'), command('b')]);
    assert.deepEqual(bodyOf(moved(lines, 'b', -1)), [command('b'), command('a')]);
    assert.equal(moved(lines, 'a', -1), lines);
    assert.equal(moved(lines, 'b', 1), lines);
    assert.equal(moved(lines, 'gone', 1), lines);
  });
});
