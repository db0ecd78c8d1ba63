import { asFields } from './json.ts';
import type { Answer } from './transport.ts';

/** An answer that was read. */
export interface Reply extends Answer {
  /** What the body says; `undefined` where it isn't JSON. */
  readonly json: unknown;
}

/** An answer that no API server gives, or only half of one: what it says of the world can't be believed. */
export class Garbled extends Error {}

/**
 * Reads an answer. Something in between may answer in the server's place: a 404 of its own is no proof that a thing is absent.
 * @param isText the body of success isn't JSON: a log
 */
export function readReply(answer: Answer, isText: boolean): Reply | Garbled {
  const json = parsed(answer.body);
  const { status } = answer;
  const reply = { ...answer, json };
  if (status < 300) return isText || isObject(json) ? reply : garbled(answer, 'is no JSON, or only half of it');
  if (status === 404 && !isStatus(json) && answer.body.trim() !== unknownPath) return garbled(answer, 'is not its own');
  return reply;
}

// What an API server says of a group or a kind that it doesn't serve.
const unknownPath = '404 page not found';

function isStatus(json: unknown): boolean {
  return asFields(json).kind === 'Status';
}

function isObject(json: unknown): boolean {
  return typeof json === 'object' && json !== null;
}

function garbled({ status, body }: Answer, what: string): Garbled {
  // Half an object may be half a Secret.
  const start = /^\s*[{[]/.test(body) ? '' : body.trim().replaceAll(/\s+/g, ' ').slice(0, 80);
  return new Garbled(`the answer (HTTP ${status}) ${what}${start === '' ? '' : `: ${start}`}`);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
