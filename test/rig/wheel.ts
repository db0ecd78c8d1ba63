import { zip } from '../resources/host/archive/make.ts';

/** A package of Python that holds one module with its version. @param needs more lines of its metadata, each with its end */
export function wheel(name: string, version: string, needs = ''): Buffer {
  const info = `${name}-${version}.dist-info`;
  const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${needs}`;
  return zip([
    { name: `${name}.py`, content: `version = '${version}'\n` },
    { name: `${info}/METADATA`, content: metadata },
    {
      name: `${info}/WHEEL`,
      content: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    },
    { name: `${info}/RECORD`, content: `${name}.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n` },
  ]);
}
