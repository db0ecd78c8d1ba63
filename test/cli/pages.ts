/** A step that makes a page for each name in a folder of the project. */
export const pages = `
import { host, restore, step, T } from '@cairnhq/cairn';

export default step({
  summary: 'A page for each name',
  on: 'hosts',
  vars: T.Object({ folder: T.String(), pages: T.Array(T.String()) }),
  resources: ({ vars }) =>
    Object.fromEntries(vars.pages.map((name) => [name, host.file({ path: vars.folder + '/' + name, content: name })])),
  undo: restore,
});
`;

/** @param names as a YAML list has them: `a, b` */
export const playbook = (names: string): string =>
  `components: [{ component: pages, hosts: localhost, vars: { folder: '{{root}}/world', pages: [${names}] } }]\n`;
