import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../../src/resources/host/archive/unpack.ts';
import { pax, type TarEntry, tar, type ZipEntry, zip } from './make.ts';

// Names that lead out, or that a shell, a terminal or another system reads as something else.
const names = [
  '/etc/passwd',
  '//etc/passwd',
  '..',
  '../x',
  'a/../../x',
  'a/..',
  './../x',
  '././../x',
  'a/b/../../../x',
  '..//x',
  'a/./b',
  'a//b',
  'a\\..\\..\\x',
  '..\\x',
  'C:\\x',
  'a\nb',
  'a\u0001b',
  'a\u001b[2Jb',
  'a\u007f',
  `${'n'.repeat(256)}`,
  `${'long/'.repeat(300)}x`,
] as const;

const targets: readonly (readonly [name: string, target: string])[] = [
  ['l', '/etc'],
  ['l', '..'],
  ['l', '../x'],
  ['l', 'a/../../x'],
  ['l', './../x'],
  ['l', 'a/..'],
  ['d/l', '../../x'],
  ['d/l', '../..'],
  ['d/l', '../d/../../x'],
  ['l', ''],
  ['l', 'a\nb'],
];

const file = (name: string): TarEntry => ({ name, content: 'x' });
const soft = (name: string, link: string): TarEntry => ({ name, type: '2', link });
const zipLink = (name: string, content: string): ZipEntry => ({ name, content, unix: 0o120777 });

const tars: Readonly<Record<string, Buffer>> = {
  'a file through a link out of it': tar([soft('l', '/etc'), file('l/x')]),
  'a file through a link within it': tar([soft('l', 'd'), file('d/y'), file('l/x')]),
  'a link in place of a directory': tar([file('d/x'), soft('d', 'e')]),
  'a directory in place of a link': tar([soft('d', 'e'), { name: 'd', type: '5' }]),
  'a file in place of a link': tar([soft('d', 'e'), file('d')]),
  'a file twice': tar([file('a'), file('a')]),
  'a file twice, once with a dot before': tar([file('a'), file('./a')]),
  'a file beneath a file': tar([file('a'), file('a/b')]),
  'a hard link out of it': tar([{ name: 'h', type: '1', link: '/etc/shadow' }]),
  'a hard link to a place above': tar([{ name: 'h', type: '1', link: '../x' }]),
  'a hard link to nothing': tar([{ name: 'h', type: '1', link: 'x' }]),
  'a hard link to a link': tar([soft('l', 'x'), { name: 'h', type: '1', link: 'l' }]),
  'a character device': tar([{ name: 'c', type: '3' }]),
  'a block device': tar([{ name: 'b', type: '4' }]),
  'a pipe': tar([{ name: 'p', type: '6' }]),
  'a GNU sparse file': tar([{ name: 's', type: 'S' }]),
  'a GNU volume': tar([{ name: 'v', type: 'V' }]),
  'a GNU multi-volume part': tar([{ name: 'm', type: 'M' }]),
  'a Solaris access list': tar([{ name: 'A', type: 'A' }]),
  'a pax path out of it': tar([pax('path', '../x'), file('a')]),
  'an absolute pax path': tar([pax('path', '/etc/x'), file('a')]),
  'a pax link out of it': tar([pax('linkpath', '/etc'), soft('l', 'x')]),
  'a pax size that is none': tar([pax('size', '-1'), file('a')]),
  'a pax sparse file': tar([pax('GNU.sparse.name', '/etc/x'), file('a')]),
  'a damaged pax header': tar([{ name: 'pax', type: 'x', content: '99 path=a\n' }, file('a')]),
  'a pax header of length 0': tar([{ name: 'pax', type: 'x', content: '0 path=a\n' }, file('a')]),
  'a GNU long name out of it': tar([{ name: 'L', type: 'L', content: '../x\0' }, file('a')]),
  'a GNU long link out of it': tar([{ name: 'K', type: 'K', content: '/etc\0' }, soft('l', 'x')]),
  'a ustar prefix out of it': tar([{ ...file('x'), prefix: '..' }]),
  'a wrong sum': tar([{ ...file('a'), sum: '000001\0 ' }]),
  'a size beyond its end': tar([{ ...file('a'), size: '77777777777' }]),
  'a negative size': tar([{ ...file('a'), size: '-0000000001' }]),
  'a size in base 256': tar([{ ...file('a'), size: '\u0080' }]),
  'half a header': tar([file('a'), file('b')]).subarray(0, 1100),
  'half a file': tar([{ name: 'a', content: 'x'.repeat(900) }]).subarray(0, 1024),
  'what is no archive': Buffer.from('#!/bin/sh\nrm -rf /\n'.repeat(100)),
  'a name that is no UTF-8': tar([{ name: 'a\ufffd' }]),
  'gzip that is cut off': gzipSync(tar([file('a')])).subarray(0, 40),
  'gzip of nothing that is known': gzipSync(Buffer.from('x'.repeat(600))),
  'a gzip bomb': gzipSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 }),
  'too many entries': tar(Array.from({ length: 20_001 }, (_, index) => file(`f${index}`))),
  'a bomb of hard links': tar([
    { name: 'a', content: 'x'.repeat(1024 * 1024) },
    ...Array.from({ length: 260 }, (_, index) => ({ name: `h${index}`, type: '1', link: 'a' })),
  ]),
};

const zips: Readonly<Record<string, Buffer>> = {
  'a file through a link': zip([zipLink('l', '/etc'), { name: 'l/x' }]),
  'a file through a link within it': zip([zipLink('l', 'd'), { name: 'd/' }, { name: 'l/x' }]),
  'a file twice': zip([{ name: 'a' }, { name: 'a' }]),
  'a device': zip([{ name: 'a', unix: 0o020644 }]),
  'a pipe': zip([{ name: 'a', unix: 0o010644 }]),
  'a socket': zip([{ name: 'a', unix: 0o140644 }]),
  'an encrypted file': zip([{ name: 'a', flags: 1 }]),
  'two names for one file': zip([{ name: 'a', localName: '../a' }]),
  'a wrong sum': zip([{ name: 'a', content: 'x', sum: 1 }]),
  'more than it says': zip([{ name: 'a', content: 'x'.repeat(5000), size: 10 }]),
  'less than it says': zip([{ name: 'a', content: 'x', size: 10 }]),
  'a size beyond all limits': zip([{ name: 'a', size: 0xfffffff0 }]),
  'an unknown method': zip([{ name: 'a', content: 'x', method: 12 }]),
  'a file at a place outside': zip([{ name: 'a', at: 0xfffffff }]),
  'a file in the list itself': zip([{ name: 'a', at: 1 }]),
  'a list that starts outside': zip([{ name: 'a' }], { start: 0xffffff }),
  'more files than its list': zip([{ name: 'a' }], { count: 9 }),
  zip64: zip([{ name: 'a' }], { count: 0xffff }),
  'half of it': zip([{ name: 'a', content: 'x'.repeat(100) }]).subarray(0, 60),
};

const hostile: readonly (readonly [string, Buffer])[] = [
  ...names.map(
    (name) => [`tar: the name ${JSON.stringify(name.slice(0, 30))}`, tar([pax('path', name), file('a')])] as const,
  ),
  ...names.map((name) => [`zip: the name ${JSON.stringify(name.slice(0, 30))}`, zip([{ name }])] as const),
  ...targets.map(([name, to]) => [`tar: a link ${name} to ${JSON.stringify(to)}`, tar([soft(name, to)])] as const),
  ...targets.map(([name, to]) => [`zip: a link ${name} to ${JSON.stringify(to)}`, zip([zipLink(name, to)])] as const),
  ...Object.entries(tars).map(([what, bytes]) => [`tar: ${what}`, bytes] as const),
  ...Object.entries(zips).map(([what, bytes]) => [`zip: ${what}`, bytes] as const),
];

describe('a hostile archive', () => {
  it('comes in many sorts', () => expect(hostile.length).toBeGreaterThanOrEqual(60));

  it.each(hostile)('is refused as a whole: %s', (_, bytes) => {
    expect(() => unpack(bytes)).toThrow(expect.objectContaining({ code: 'bad-archive' }));
  });

  it('can do nothing with bytes turned over: it is refused, or stays in its folder', () => {
    const sound = [
      tar([{ name: 'd/', type: '5' }, file('d/a'), soft('d/l', '../d/a'), pax('path', 'd/é'), file('x')]),
      zip([{ name: 'd/' }, { name: 'd/a', content: 'x' }, zipLink('d/l', '../d/a')]),
    ];
    for (const bytes of sound) {
      for (let at = 0; at < bytes.length; at += 1) {
        const turned = Buffer.from(bytes);
        turned[at] = (turned[at] ?? 0) ^ (1 << (at % 8));
        try {
          for (const { path } of unpack(turned)) expect(path).not.toMatch(/^\/|(^|\/)\.\.?(\/|$)/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-archive' });
        }
      }
    }
  });
});
