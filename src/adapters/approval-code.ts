import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { failed, failure, ok, type Result } from '../kernel/failure.ts';
import { type EpochMs, epochMs, type Milliseconds, minutes } from '../kernel/units.ts';
import { type ClusterMark, sameCluster } from './cluster-mark.ts';

/** Another person's agreement to one plan, on one cluster, for a few minutes. */
export interface Approval {
  /** Of the plan, hexadecimal. */
  readonly digest: string;
  /** The cluster, as whoever agreed sees it. */
  readonly cluster: ClusterMark;
  /** Name under which the configuration has the key. */
  readonly name: string;
  /** Who the API server says that they are; '' where it did not say. */
  readonly identity: string;
  readonly until: EpochMs;
}

/** Somebody whose agreement counts. */
export interface ApproverKey {
  readonly name: string;
  /** Ed25519, the DER of its SubjectPublicKeyInfo in base64. */
  readonly publicKey: string;
}

/** Long enough to read it out; too short to keep for later. */
export const approvalLife: Milliseconds = minutes(10);

const prefix = 'mw2';
/** Codes that were bound to the name of a context, which two people may have given to two clusters. */
const older = /^mw1\.[\w-]+\.[\w-]+$/;
const op = 'check the code';

const hex = z.string().regex(/^[0-9a-f]{64}$/);

const payloadSchema = z.strictObject({
  d: hex,
  k: z.string().min(1).max(200).nullable(),
  s: hex.nullable(),
  n: z.string().min(1).max(1000),
  i: z.string().max(1000),
  u: z.number().int(),
});

/** What is signed besides the payload, so that no other signature of the same key is one of these. */
const signed = (payload: string): Buffer => Buffer.from(`midwatch approval ${prefix} ${payload}`);

/** A new key pair: the public half for the configuration of others, the private one for a file of one's own. */
export const newApproverKey = (): { readonly publicKey: string; readonly privateKey: string } => {
  const pair = generateKeyPairSync('ed25519');
  return {
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};

/** The public half of a private key. */
export const publicHalf = (privateKey: string): Result<string> => {
  try {
    const key = createPublicKey(createPrivateKey(privateKey));
    return ok(key.export({ type: 'spki', format: 'der' }).toString('base64'));
  } catch {
    return failed(
      failure('misconfigured', 'read the key', 'that is no private key', {
        hint: 'make one with: midwatch approve --new-key',
      }),
    );
  }
};

/** A code to read out or to paste: it holds nothing secret, and is of use for this one plan only. */
export const approvalCode = (approval: Approval, privateKey: string): Result<string> => {
  const { digest, cluster, name, identity, until } = approval;
  const { uid: k, server: s } = cluster;
  const text = JSON.stringify({ d: digest, k, s, n: name, i: identity, u: until });
  const payload = Buffer.from(text).toString('base64url');
  try {
    const signature = sign(null, signed(payload), createPrivateKey(privateKey));
    return ok(`${prefix}.${payload}.${signature.toString('base64url')}`);
  } catch {
    return failed(failure('misconfigured', 'sign the plan', 'that is no key to sign with'));
  }
};

const payloadOf = (part: string): z.infer<typeof payloadSchema> | null => {
  try {
    return (
      payloadSchema.safeParse(JSON.parse(Buffer.from(part, 'base64url').toString())).data ?? null
    );
  } catch {
    return null;
  }
};

const isSignedBy = (payload: string, signature: string, publicKey: string): boolean => {
  try {
    const key = createPublicKey({
      key: Buffer.from(publicKey, 'base64'),
      format: 'der',
      type: 'spki',
    });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, signed(payload), key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
};

export interface ApprovalScene {
  readonly digest: string;
  /** As whoever asks sees it. */
  readonly cluster: ClusterMark;
  readonly now: EpochMs;
  readonly approvers: readonly ApproverKey[];
  /** Who asks: nobody agrees with themselves. Names, as the operating system and the API server have them. */
  readonly askedBy: readonly string[];
}

/** An agreement that counts, and by what the cluster was known to be the same. */
export interface FoundApproval extends Approval {
  readonly by: 'uid' | 'server';
}

/** Who agreed, by a code that somebody has pasted; else why it does not count. */
export const readApproval = (code: string, scene: ApprovalScene): Result<FoundApproval> => {
  const no = (why: string, hint?: string): Result<never> =>
    failed(failure('forbidden', op, why, hint === undefined ? {} : { hint }));
  if (older.test(code.trim())) {
    return no(
      'it was made by an earlier version, which knows clusters by the names of contexts only',
      'let them run midwatch approve of the version that you have',
    );
  }
  const [head, payload = '', signature = '', ...more] = code.trim().split('.');
  const told = payloadOf(payload);
  if (head !== prefix || more.length > 0 || told === null) return no('that is no code of midwatch');
  const approver = scene.approvers.find((a) => a.name === told.n);
  if (approver === undefined) {
    return no(
      `${told.n} is nobody who may agree`,
      'see approvers under policy in the configuration',
    );
  }
  if (!isSignedBy(payload, signature, approver.publicKey)) {
    return no(`it is not signed with the key of ${told.n}`);
  }
  if (told.d !== scene.digest) return no('it is about another plan');
  const cluster = { uid: told.k, server: told.s };
  const same = sameCluster(cluster, scene.cluster);
  if (same.kind === 'other') return no(same.why, same.hint);
  if (told.u <= scene.now) return no('its time is over', 'ask for a new one');
  if (told.u > scene.now + 2 * approvalLife) return no('it counts for longer than any code may');
  if (scene.askedBy.some((who) => who !== '' && (who === told.n || who === told.i))) {
    return no('nobody agrees with themselves');
  }
  return ok({
    digest: told.d,
    cluster,
    by: same.kind,
    name: told.n,
    identity: told.i,
    until: epochMs(told.u),
  });
};
