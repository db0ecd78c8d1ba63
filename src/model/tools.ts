import type { HostReader } from './host.ts';
import type { KubeReader } from './kube.ts';
import type { Secret } from './secret.ts';

/** A program that turns text into text, and never sees a cluster. */
export interface RenderCall {
  /** Its name on the PATH: `helm`. */
  readonly program: string;
  readonly argv: readonly string[];
  /** May hold secrets: it goes by a pipe. */
  readonly stdin?: string;
  /** What a program takes from a file alone: an option that names one, which is there as long as the program runs. */
  readonly secretFile?: { readonly option: string; readonly text: string };
}

/** Something to fetch from a URL. */
export interface DownloadCall {
  readonly url: string;
  /** Of what must come: 64 hex digits, in lower case. */
  readonly sha256: string;
  /** Sent to the URL's server alone. */
  readonly headers?: Readonly<Record<string, string | Secret>>;
  /** PEM of the authorities to trust besides the public ones. */
  readonly ca?: string;
}

/** What turning one resource into many may use: files and programs of this machine, and what the cluster says of itself. */
export interface Tools {
  /** The absolute path of a file that a step named; relative ones start at the project's root. */
  resolve(path: string): string;
  /** How people know a path: from the project's root where it lies beneath. */
  shown(path: string): string;
  /** Whether there is a file or a folder. */
  kindOf(path: string): Promise<'file' | 'folder' | 'nothing'>;
  /** The files beneath a folder, sorted, relative to it. */
  filesIn(folder: string): Promise<readonly string[]>;
  /** @throws CairnError `file-missing` */
  read(path: string): Promise<string>;
  /** @throws CairnError `file-missing` */
  bytes(path: string): Promise<Uint8Array>;
  /** What is behind a URL, from this machine's cache where it was fetched before. @throws CairnError `download-failed`, `wrong-checksum` */
  download(call: DownloadCall): Promise<Uint8Array>;
  /** Where a program is, null when this machine lacks it. */
  find(program: string): Promise<string | null>;
  /** What a program prints. It gets no kubeconfig. @throws CairnError `missing-tool`, `render-failed` */
  render(call: RenderCall): Promise<string>;
}

/** What a bundle is expanded with. */
export interface Means {
  readonly tools: Tools;
  /** The cluster that the resources go to; null while it isn't there. */
  readonly kube: KubeReader | null;
  /** The host that they go to; null where there is none. */
  readonly host: HostReader | null;
  /** What other resources of the project take up on that host. */
  readonly declared: readonly Declared[];
}

/** A path that a resource takes up. */
export interface Declared {
  readonly path: string;
  /** With all that is beneath it. */
  readonly isWhole: boolean;
}
