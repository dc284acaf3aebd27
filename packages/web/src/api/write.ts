// How anything is written: one write at a time, its refusal shown, and what it changes read again. No other place of the
// browser's chart sends a write, but the documents of notes (test/shape/writes.test.ts).

import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import type { Client, Problem } from '@chartwire/client/internal/client/index';
import { tellProblem } from '../ui/toast.tsx';
import { server } from './client.ts';
import { problemOf } from './problem-of.ts';
import { readAgain, untilAnswered } from './queries.ts';

export interface Writing<Input, Answer> {
  /** Paths of what it changes, as `api.tasks.list.path()`: they, and all below them, are read again, taken or refused. */
  readonly changes?: readonly string[];
  /**
   * What one write is about, where several may be under way: of those about the same only one. `each`: they are about
   * different things, whatever they are. Without it all are about the same.
   */
  readonly about?: ((input: Input) => string) | 'each';
  /** What it is written to, where several forms do: their writes go one after another, in the order they were sent. */
  readonly queue?: string;
  /** As soon as it is written, before anything is read again. */
  readonly onTaken?: (answer: Answer, input: Input) => void;
  /**
   * After that, if whoever wrote is still on the page: to leave what is gone once it is read again. Events don't have it read
   * again before.
   */
  readonly onTakenHere?: (answer: Answer, input: Input) => void;
  /** Once it is written and what it changed was read again. It is pending until this is done. */
  readonly onDone?: (answer: Answer, input: Input) => unknown;
  /**
   * After that, where whoever wrote is still on the page: closes its dialog, or leads elsewhere. Who left meanwhile, perhaps for
   * another patient, is left where they are.
   */
  readonly onHere?: (answer: Answer, input: Input) => unknown;
  readonly onRefused?: (problem: Problem, input: Input) => void;
}

/** A refusal is told at the edge of the page, unless it is `shown: 'here'`: by whoever writes, where the button is. */
interface Here {
  readonly shown: 'here';
}

export interface Write<Input> {
  /** Sends it. While one is under way about the same, nothing is sent. */
  readonly send: (input: Input) => void;
  readonly pending: boolean;
  /** What is under way. */
  readonly input: Input | undefined;
}

export interface WriteHere<Input = void> extends Write<Input> {
  /** Why it was not written; null again with the next attempt, or once it is let go by `forget`. */
  readonly problem: Problem | null;
  readonly forget: () => void;
}

type Send<Input, Answer> = (server: Client, input: Input) => Promise<Answer>;

export function useWrite<Input = void, Answer = unknown>(
  send: Send<Input, Answer>,
  writing: Writing<Input, Answer> & Here,
): WriteHere<Input>;
export function useWrite<Input = void, Answer = unknown>(
  send: Send<Input, Answer>,
  writing?: Writing<Input, Answer>,
): Write<Input>;
export function useWrite<Input, Answer>(
  send: Send<Input, Answer>,
  {
    changes = [],
    about = () => 'it',
    onTaken,
    onTakenHere,
    onDone,
    onHere,
    onRefused,
    queue,
    shown,
  }: Writing<Input, Answer> & Partial<Here> = {},
): WriteHere<Input> {
  const underWay = useRef(new Set<string>());
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  const { mutate, reset, isPending, variables, error } = useMutation<Answer, Problem, Input>({
    ...(queue !== undefined && { scope: { id: queue } }),
    mutationFn: (input) =>
      refusing(() => (onTakenHere ? untilAnswered(changes, () => send(server, input)) : send(server, input))),
    onSuccess: (answer, input) =>
      refusing(async () => {
        onTaken?.(answer, input);
        if (there.current) onTakenHere?.(answer, input);
        await readAgain(changes);
        await onDone?.(answer, input);
        if (there.current) await onHere?.(answer, input);
      }),
    onError: (problem, input) => {
      // Where whoever would show it is gone, a dialog that was closed meanwhile, it is told all the same.
      if (shown === undefined || !there.current) tellProblem(problem);
      onRefused?.(problem, input);
      // It may have been refused for what somebody else did, or have been carried out without an answer.
      void readAgain(changes);
    },
    onSettled: (_answer, _problem, input) => void (about !== 'each' && underWay.current.delete(about(input))),
  });
  // The one that is called with the state of now.
  const key = useRef(about);
  key.current = about;
  const sendOnce = useCallback(
    (input: Input) => {
      if (key.current !== 'each') {
        const one = key.current(input);
        if (underWay.current.has(one)) return;
        underWay.current.add(one);
      }
      mutate(input);
    },
    [mutate],
  );
  return {
    send: sendOnce,
    pending: isPending,
    input: isPending ? variables : undefined,
    problem: error,
    forget: () => !isPending && reset(),
  };
}

/** Rejects with a Problem, whatever was thrown. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw problemOf(error);
  }
}
