import { createHash } from 'node:crypto';
import { render, type Task } from './workloads.ts';

/** The least shell that does one task and can be repeated: it prints `ok` or `changed`. @param root folder on the host */
export function scriptOf(task: Task, root: string, host: string): string {
  const path = quote(`${root}/${task.path}`);
  switch (task.kind) {
    case 'copy':
      return putFile(path, task.mode, task.content);
    case 'template':
      return putFile(path, task.mode, render(task.items, host));
    case 'directory':
      return either(`[ -d "$f" ] && ${hasMode(task.mode)}`, `mkdir -p "$f" && chmod ${task.mode} "$f"`, path);
    case 'command':
      return either('[ -e "$f" ]', 'touch "$f"', path);
    case 'line':
      return either(`grep -qxF ${quote(task.line)} "$f" 2>/dev/null`, `echo ${quote(task.line)} >>"$f"`, path);
  }
}

function putFile(path: string, mode: string, content: string): string {
  const sum = createHash('sha256').update(content).digest('hex');
  const isSame = `[ "$(sha256sum 2>/dev/null <"$f")" = "${sum}  -" ] && ${hasMode(mode)}`;
  const put = `printf %s ${Buffer.from(content).toString('base64')} | base64 -d >"$f.tmp" && chmod ${mode} "$f.tmp" && mv -f "$f.tmp" "$f"`;
  return either(isSame, put, path);
}

function hasMode(mode: string): string {
  return `[ "$(stat -c %a "$f")" = ${mode} ]`;
}

function either(isDone: string, act: string, path: string): string {
  return `f=${path}; if ${isDone}; then echo ok; else ${act} && echo changed; fi`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
