import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { passwordFile, root } from '../e2e/rig.ts';
import type { Break } from './break.ts';
import type { Finding, Verdict } from './verdict.ts';

interface Tried {
  /** ISO 8601, to the minute. */
  readonly at: string;
  /** Commit of what was tried; `+` where files of it had been changed since. */
  readonly version: string;
}

/** What came of a break. */
export interface BreakResult extends Tried {
  readonly name: string;
  readonly step: string;
  /** How verify came to know of it; empty where the step was not named. */
  readonly layers: readonly Finding['layer'][];
  /** No step said that anything is not as declared. */
  readonly isBehaviourAlone: boolean;
  readonly said: string;
  readonly repairedBy: string;
  /** Everything held again after the repair. */
  readonly isCleanAfterwards: boolean;
}

/** What verify said of a whole playbook while nothing was broken. */
export interface CleanResult extends Tried {
  readonly playbook: string;
  readonly passed: number;
  readonly failed: number;
  /** Of the program: a run that could not even look has no failed check. */
  readonly code: number;
  readonly seconds: number;
}

const file = join(root, 'docs', 'proof', 'verify.jsonl');
/** Of clean runs the newest are kept. */
const cleanKept = 20;
const tried = ['src', 'steps', 'roles', 'playbooks', 'inventory'];

/** The newest result of each break, and those of clean runs: a run that has little time goes on where others ended. */
export class BreakResults {
  readonly #breaks = new Map<string, BreakResult>();
  #clean: readonly CleanResult[] = [];
  readonly #version = versionOf();

  constructor() {
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const result = JSON.parse(line) as BreakResult | CleanResult;
      if ('name' in result) this.#breaks.set(result.name, result);
      else this.#clean = [...this.#clean, result];
    }
  }

  /** Those never tried, then those tried longest ago. */
  oldestFirst(breaks: readonly Break[]): readonly Break[] {
    const at = ({ name }: Break): string => this.#breaks.get(name)?.at ?? '';
    return breaks.toSorted((a, b) => at(a).localeCompare(at(b)));
  }

  /** Which of these playbooks had its last clean run longest ago. */
  longestUnseen(playbooks: readonly string[]): string {
    const at = (playbook: string): number => this.#clean.findLastIndex((run) => run.playbook === playbook);
    return playbooks.toSorted((a, b) => at(a) - at(b))[0] ?? '';
  }

  of({ name }: Break): BreakResult | undefined {
    return this.#breaks.get(name);
  }

  get clean(): readonly CleanResult[] {
    return this.#clean;
  }

  addBreak({ name, expects: step, by }: Break, { findings, code }: Verdict, isCleanAfterwards: boolean): BreakResult {
    const told = code === 1 ? findings.filter((finding) => finding.step === step) : [];
    const layers = (['declared', 'behaviour'] as const).filter((layer) => told.some((one) => one.layer === layer));
    const said = (told.find(isBehaviour) ?? told[0])?.why ?? 'nothing';
    const result: BreakResult = {
      name,
      step,
      layers,
      isBehaviourAlone: layers.length > 0 && findings.every(isBehaviour),
      said: said.replaceAll(dirname(passwordFile), 'STATE').replaceAll('\n', ' ').slice(0, 200),
      repairedBy: by,
      isCleanAfterwards,
      ...this.#now(),
    };
    this.#breaks.set(name, result);
    return result;
  }

  addClean(playbook: string, { passed, findings, code, ms }: Verdict): void {
    const seconds = Math.round(ms / 100) / 10;
    const run = { playbook, passed, failed: findings.length, code, seconds, ...this.#now() };
    this.#clean = [...this.#clean, run].slice(-cleanKept);
  }

  /** Writes down what is known of these breaks, in their order. */
  save(breaks: readonly Break[]): void {
    const lines = [...breaks.flatMap((one) => this.of(one) ?? []), ...this.#clean];
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  #now(): Tried {
    return { at: new Date().toISOString().slice(0, 16), version: this.#version };
  }
}

function isBehaviour({ layer }: Finding): boolean {
  return layer === 'behaviour';
}

/** The last commit that changed what is tried: those that change tests alone are no other version. */
export function versionOf(): string {
  const git = (...words: readonly string[]): string =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', ...tried);
  return `${git('log', '-1', '--format=%h', '--abbrev=7', '--', ...tried)}${changed === '' ? '' : '+'}`;
}
