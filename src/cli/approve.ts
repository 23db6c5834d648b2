import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import {
  approvalCode,
  approvalLife,
  newApproverKey,
  publicHalf,
} from '../adapters/approval-code.ts';
import { systemClock } from '../adapters/clock.ts';
import { type ReadMark, readClusterMark } from '../adapters/cluster-mark.ts';
import { diskFailure } from '../adapters/journal/disk-failure.ts';
import { openCluster } from '../adapters/kubernetes/open-cluster.ts';
import { whoAmI } from '../adapters/kubernetes/self-review.ts';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { plainText } from '../kernel/text.ts';
import { after } from '../kernel/units.ts';
import type { ApproveFlags } from './approve-command.ts';
import { connectionFlags } from './cluster-session.ts';
import { configPath } from './config.ts';
import type { Io } from './io.ts';
import { person } from './local-sources.ts';
import { version } from './program.ts';

export interface ApproveOptions {
  readonly digest: string | undefined;
  readonly flags: ApproveFlags;
  readonly io: Io;
  /** Whether the person means it; asked on the terminal unless a test answers. */
  readonly agrees?: (question: string, signal: AbortSignal) => Promise<boolean>;
}

const keyPath = ({ flags, io }: ApproveOptions): string =>
  flags.key ?? join(dirname(configPath(io.env)), 'approver.pem');

const nameOf = ({ flags, io }: ApproveOptions): string => flags.name ?? person(io.env);

const onTerminal = async (question: string, signal: AbortSignal): Promise<boolean> => {
  if (process.stdin.isTTY !== true) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question, { signal })).trim() === 'yes';
  } catch {
    return false;
  } finally {
    lines.close();
  }
};

const policyLines = (name: string, publicKey: string): string =>
  `policy:\n  approvers:\n    - name: ${JSON.stringify(name)}\n      publicKey: ${publicKey}\n`;

const makeKey = async (options: ApproveOptions): Promise<Result<void>> => {
  const path = keyPath(options);
  const { publicKey, privateKey } = newApproverKey();
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // A key that is there is never overwritten: what it has signed would count for nothing.
    await writeFile(path, privateKey, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      return failed(
        failure('misconfigured', 'make a key', 'there is a key already', {
          on: path,
          hint: 'keep it, or move it away first',
        }),
      );
    }
    return failed(diskFailure('make a key', path, cause));
  }
  options.io.err(`Your key is ${path}; keep it to yourself. In the policy of others:\n\n`);
  options.io.out(policyLines(nameOf(options), publicKey));
  return ok(undefined);
};

const readKey = async (path: string): Promise<Result<string>> => {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch {
    return failed(
      failure('misconfigured', 'read the key', 'there is no key to sign with', {
        on: path,
        hint: 'make one with: midwatch approve --new-key',
      }),
    );
  }
};

/** By what the cluster is known, which the other person has to see alike. */
const clusterLines = ({ mark, whyNoUid, whyNoServer }: ReadMark): Result<string> => {
  if (mark.uid !== null) return ok(`The cluster: uid of kube-system ${mark.uid}`);
  if (mark.server === null) {
    return failed(
      failure('forbidden', 'approve', `nothing says which cluster it is: ${whyNoServer}`, {
        hint: `ask for the right to get the namespace kube-system (${whyNoUid})`,
      }),
    );
  }
  return ok(
    `The cluster: you may not read the namespace kube-system (${whyNoUid}), whose uid would say which one it is. ` +
      `Instead it is known by address and CA of its server, digest ${mark.server}: ` +
      'the code counts where the other person reaches it by the same ones.',
  );
};

/** Shows who agrees to what, asks, and prints a code that is good for this plan and ten minutes. */
export const runApprove = async (
  options: ApproveOptions,
  signal: AbortSignal,
): Promise<Result<void>> => {
  const { digest, flags, io } = options;
  if (flags.newKey === true) return await makeKey(options);
  if (digest === undefined || !/^[0-9a-f]{64}$/.test(digest)) {
    return failed(
      failure('misconfigured', 'approve', 'give the digest of the plan: 64 hexadecimal digits', {
        hint: 'the screen of the other person shows it',
      }),
    );
  }
  const key = await readKey(keyPath(options));
  if (!key.ok) return key;
  const half = publicHalf(key.value);
  if (!half.ok) return half;
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  const opened = await openCluster(
    { flags: connectionFlags(flags), env: io.env, clock: systemClock, version },
    until,
  );
  if (!opened.ok) return opened;
  const { client } = opened.value;
  const { context, server } = client.info;
  try {
    const who = await whoAmI(client, until);
    if (!who.ok) return who;
    const name = nameOf(options);
    const read = await readClusterMark(opened.value, until);
    if (!read.ok) return read;
    const lines = clusterLines(read.value);
    if (!lines.ok) return lines;
    io.err(
      plainText(`You are ${who.value} at ${server} (context ${context}), and agree as ${name} to`) +
        `\n  ${digest}\n${plainText(lines.value)}\nCompare all of it with what the other person sees, and let them tell you what it does.\n`,
    );
    const agrees = options.agrees ?? onTerminal;
    if (flags.yes !== true && !(await agrees('Type yes to agree: ', until))) {
      return failed(failure('forbidden', 'approve', 'you did not agree: no code was made'));
    }
    const time = after(systemClock.now(), approvalLife);
    const code = approvalCode(
      { digest, cluster: read.value.mark, name, identity: who.value, until: time },
      key.value,
    );
    if (!code.ok) return code;
    io.err(`Good until ${new Date(time).toISOString()}, for this plan only:\n`);
    io.out(`${code.value}\n`);
    return ok(undefined);
  } finally {
    ended.abort();
    await client.close();
  }
};
