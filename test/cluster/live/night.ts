import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { readAnchorText } from '../../../src/adapters/audit/audit-anchor.ts';
import { verifyAudit } from '../../../src/adapters/audit/audit-verify.ts';
import type { ActFact } from '../../../src/kernel/act-fact.ts';
import { builtProgram } from '../../support/built.ts';
import { ctrl, enter, esc, startMidwatch } from '../../support/midwatch.ts';
import type { Terminal } from '../../support/terminal.ts';
import type { Cluster } from '../cluster-handle.ts';
import { shellImage } from '../images/shell-image.ts';
import { mountedPki } from '../incidents/etcd-21-43/payments-etcd.ts';
import { enforcing, strictPod } from './debug-objects.ts';

/** A loaded machine is several times slower than an idle one. */
const longest = 120_000;

/** Of the team on call: what it asks first, and a habit from before. */
const runbook = `---
runbook: v1
title: The gateway at night
alerts: [KubePodCrashLooping]
aliases: [/payments/pod-crash-looping.md]
---

# The gateway at night

## What does it say

\`\`\`sh {name=said type=logs}
kubectl logs -n payments -l app=payment-gateway --since=15m --tail=20
\`\`\`

## Look inside

\`\`\`sh {name=inside}
kubectl exec -n payments deploy/payment-gateway -- env
\`\`\`
`;

/** Half a year from now, for an hour: closed tonight, whenever tonight is. */
const farMonth = (new Date().getUTCMonth() + 6) % 12;
const configOf = (image: string, books: string): string => `
runbooks:
  folders: ["${books}"]
policy:
  classes:
    - name: at night
      images: ["${image}"]
  windows:
    - name: etcd maintenance
      kind: allow
      schedule: "0 3 1 ${farMonth + 1} *"
      duration: 1h
      actions: ["etcd-*"]
`;

/** What was on the screen, by what was done. */
export type Frames = Readonly<Record<string, string>>;

/** The one on call in the night of 21:43: a terminal with the program in it, and what they do. */
export class Night {
  readonly #terminal: Terminal;
  readonly #state: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #frames: Record<string, string> = {};

  private constructor(terminal: Terminal, state: string, env: Readonly<Record<string, string>>) {
    this.#terminal = terminal;
    this.#state = state;
    this.#env = env;
  }

  static async open(cluster: Cluster): Promise<Night> {
    const state = mkdtempSync(join(tmpdir(), 'midwatch-night-'));
    const env = {
      XDG_CONFIG_HOME: state,
      XDG_STATE_HOME: state,
      XDG_DATA_HOME: state,
      USER: 'ana',
    };
    const books = join(state, 'books');
    mkdirSync(books);
    mkdirSync(join(state, 'midwatch'));
    writeFileSync(join(books, 'gateway-at-night.md'), runbook);
    const image = await shellImage(cluster);
    writeFileSync(join(state, 'midwatch', 'config.yaml'), configOf(image, books));
    await cluster.apply([enforcing('ledger', 'restricted'), strictPod('ledger', 'till')]);
    await cluster.waitFor({ until: 'the till runs', timeoutMs: longest }, async () =>
      JSON.stringify(
        (await cluster.request('/api/v1/namespaces/ledger/pods/till')).status,
      ).includes('"running"'),
    );
    const pki = mountedPki(cluster.run);
    const terminal = await startMidwatch(
      [
        ...['--kubeconfig', cluster.kubeconfig, '--guarded', '--command', 'alerts'],
        ...[`--etcd-cacert=${pki}/ca.crt`, `--etcd-cert=${pki}/client.crt`],
        `--etcd-key=${pki}/client.key`,
      ],
      { columns: 160, rows: 60, env },
    );
    return new Night(terminal, state, env);
  }

  async #press(keys: string, shows: string | RegExp): Promise<void> {
    this.#terminal.send(keys);
    await this.#terminal.until(shows, longest);
  }

  #keep(name: string): void {
    this.#frames[name] = this.#terminal.text();
  }

  /** From the alert to its runbook: bounded logs through the door, and a command in a container that is refused. */
  async readsLogs(): Promise<Frames> {
    await this.#terminal.until('KubePodCrashLooping', longest);
    await this.#terminal.until('guarded', longest);
    await this.#press(`/CrashLoop${enter}`, /KubePodCrashLooping/);
    await this.#press('r', /The gateway at night +not begun/);
    await this.#press(enter, /step 1 of 2/);
    await this.#press('x', /✓ ran .*\n[\s\S]*e shows them/);
    await this.#press('e', /failed to connect to e/);
    this.#keep('logs');
    await this.#press('e', 'e shows them');
    await this.#press(enter, /step 2 of 2[\s\S]*no command is run/);
    await this.#press('x', 'no task of this step is carried out here');
    this.#keep('runbook exec');
    return this.#frames;
  }

  /** A key that there is not, and the one that there is: beside a pod of the strictest namespace. */
  async looksInside(): Promise<Frames> {
    await this.#press(`${esc}${esc}:pods ledger${enter}`, /till/);
    await this.#press(`:exec${enter}`, /there is no exec in midwatch/);
    this.#keep('exec');
    await this.#press('s', /\n type till /);
    this.#keep('debug plan');
    await this.#press(`till${enter}`, /\$ *$/m);
    await this.#press(`id -u; echo $((6*7))${enter}`, /^1234\n42$/m);
    this.#keep('debug shell');
    this.#terminal.send(`exit${enter}`);
    await this.#terminal.until(/has ended with exit 0/, longest);
    await this.#press(esc, /till/);
    return this.#frames;
  }

  /** A change of etcd out of hours: closed, then the glass, then its name. */
  async tendsEtcd(member: string): Promise<Frames> {
    await this.#press(`${esc}${esc}:etcd${enter}`, new RegExp(`${member} +healthy`));
    await this.#press(`:etcd-defrag${enter}`, /change-window/);
    this.#keep('window');
    await this.#press(`:break-glass${enter}`, 'break the glass: why');
    await this.#press(`the backend is full of the night${enter}`, /^ ticket/m);
    await this.#press(`INC-2143${enter}`, 'GLASS BROKEN');
    // What was denied is asked for again by itself.
    await this.#terminal.until(new RegExp(`\\n type ${member} `), longest);
    this.#keep('glass');
    await this.#press(`${ctrl('u')}${member}${enter}`, /done after/);
    this.#keep('defragmented');
    await this.#press(`${esc}:mend-glass${enter}`, 'the glass is mended');
    return this.#frames;
  }

  /** The program is left, and its audit is looked at as whoever comes in the morning does. */
  async leaves() {
    this.#terminal.send(`${esc}${esc}:q${enter}`);
    const { code } = await this.#terminal.exited;
    const path = join(this.#state, 'midwatch', 'audit.jsonl');
    const seals = join(this.#state, 'midwatch', 'audit-seals.jsonl');
    const text = readFileSync(path);
    const facts = text
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { fact: ActFact }).fact);
    const told = await promisify(execFile)(
      process.execPath,
      [await builtProgram(), 'audit', 'show'],
      { env: { ...process.env, ...this.#env } },
    );
    const anchors = readAnchorText(readFileSync(seals, 'utf8'));
    return { code, facts, report: verifyAudit(text, anchors, resolve(path)), story: told.stdout };
  }

  async close(): Promise<void> {
    await this.#terminal[Symbol.asyncDispose]();
  }
}

export type Morning = Awaited<ReturnType<Night['leaves']>>;
