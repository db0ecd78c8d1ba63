import { devpi as contents, type Resource } from '@cairnhq/cairn';
import { claim, serverOf, type Vars } from './api.ts';
import { names } from './index.ts';

/** What the index of our packages must be: a release, once uploaded, stays what it is. */
export function stage({ devpi: { publicIndex, adminUser } }: Vars) {
  const bases = publicIndex === '' ? [] : [names.mirror];
  return { type: 'stage', volatile: false, bases, acl_upload: [adminUser] } as const;
}

/** The mirror of the public index. Its list of half a million projects stays where it is. */
export function mirror(vars: Vars) {
  const { publicIndex } = vars.devpi;
  // left out, the address is the one that devpi begins with
  const origin = publicIndex === 'default' ? {} : { mirror_url: publicIndex };
  const settings = { type: 'mirror', mirror_no_project_list: true, ...origin } as const;
  return contents.index({ server: serverOf(vars), name: names.mirror, ...settings }, { inside: claim(vars) });
}

/** The index that packages are uploaded to and installed from, upon the mirror where there is one. */
export function packages(vars: Vars, after: readonly Resource<unknown>[]) {
  const id = { server: serverOf(vars), name: vars.devpi.index };
  return contents.index({ ...id, ...stage(vars) }, { after, inside: claim(vars) });
}
