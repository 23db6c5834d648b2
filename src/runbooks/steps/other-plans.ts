import type { Plan } from '../plan.ts';
import type { Risk } from '../runbook.ts';
import { byHand, type Classified, reading } from './classified.ts';
import { flagTable, lastOf, readFlags, textOf } from './flags.ts';
import { literal, literalOf } from './template.ts';
import type { Word } from './words.ts';

const curl = flagTable(
  {
    method: '-X --request',
    secret: '-H --header -u --user -b --cookie --oauth2-bearer --cert --key -E -K --config',
    body: '-d --data --data-raw --data-binary --data-urlencode --json -F --form -T --upload-file',
    file: '-o --output -O -c --cookie-jar',
    plain:
      '-m --max-time --connect-timeout --retry --retry-delay -A --user-agent --cacert --resolve -w --write-out --interface',
    url: '--url',
  },
  {
    head: '-I --head',
    plain:
      '-s -S -k -L -i -v -f -g -4 -6 --silent --show-error --insecure --location --include --verbose --fail --compressed --globoff --http1.1 --http2 -N --no-buffer',
    query: '-G --get',
  },
);

const wget = flagTable(
  {
    file: '-O --output-document -o',
    plain: '-T --timeout -t --tries',
    body: '--post-data --post-file --body-data --method',
    secret: '--header --user --password',
  },
  { plain: '-q -S --quiet --no-check-certificate --server-response --spider -qO-' },
);

/** `curl` and `wget`, where they only get. */
export const httpPlan = (tool: string, words: readonly Word[], source: string): Classified => {
  const flags = readFlags(words, tool === 'curl' ? curl : wget);
  const method = textOf(flags, 'method');
  const writes = flags.values.has('body') || (method !== '' && !/^(?:GET|HEAD)$/i.test(method));
  if (writes) return byHand(source, 'change');
  const file = lastOf(flags, 'file');
  const keeps = file !== null && !/^(?:-|\/dev\/null)$/.test(literalOf(file) ?? '');
  const url = lastOf(flags, 'url') ?? flags.positionals[0]?.value;
  const count = flags.positionals.length + (flags.values.has('url') ? 1 : 0);
  if (
    url === undefined ||
    count !== 1 ||
    keeps ||
    flags.unknown.length > 0 ||
    flags.values.has('secret')
  ) {
    return byHand(source, 'manual');
  }
  const first = url[0];
  const start = first?.kind === 'text' ? first.text : '';
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(start)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return byHand(source, 'manual');
  }
  const whole = scheme === undefined ? [...literal('http://'), ...url] : url;
  return reading({ kind: 'http', url: whole });
};

/** `promtool query instant URL EXPRESSION`. */
export const promtoolPlan = (words: readonly Word[], source: string): Classified => {
  const [query, instant, , expression] = words;
  const asks = query?.text === 'query' && instant?.text === 'instant' && words.length === 4;
  if (!asks || expression === undefined) return byHand(source, 'manual');
  const plan: Plan = { kind: 'query', promql: expression.value, over: null };
  return reading(plan);
};

/** Programs of a node or a desk: a person runs them. What they do at most, by name and first word. */
const tools: Readonly<Record<string, Risk>> = {
  rm: 'destructive',
  dd: 'destructive',
  mkfs: 'destructive',
  wipefs: 'destructive',
  fdisk: 'destructive',
  lvremove: 'destructive',
  kill: 'disruptive',
  pkill: 'disruptive',
  killall: 'disruptive',
  reboot: 'disruptive',
  shutdown: 'disruptive',
  poweroff: 'disruptive',
  iptables: 'disruptive',
  umount: 'disruptive',
  mount: 'change',
  mv: 'change',
  cp: 'change',
  chmod: 'change',
  chown: 'change',
  tee: 'change',
  sed: 'change',
};

const harmless =
  'amtool awk bash cat cd chroot conntrack crictl ctr date df dig dmesg docker du echo egrep ethtool find free getent git grep gunzip head helm host hostname htop id ifconfig iostat ip jq journalctl k9s kubeadm kustomize less ls lsblk lsof lvs mpstat mtr nc netstat nslookup numactl nvidia-smi openssl pidstat ping podman ps pvs python python3 rabbitmqctl redis-cli sar sh sleep smartctl sort ss ssh stat stern storcli sudo sysctl systemctl tail tar tcpdump terraform timedatectl top touch traceroute uname uniq uptime vgs vim vmstat watch wc which xargs yq aws gcloud az psql mysql virtctl ceph rados rbd noobaa odf subctl argocd flux istioctl cilium calicoctl vault consul gitlab-ctl knife bundle'.split(
    ' ',
  );
const known: ReadonlySet<string> = new Set([...harmless, ...Object.keys(tools)]);

const worse: readonly (readonly [RegExp, Risk])[] = [
  [/^systemctl (?:stop|restart|disable|mask|kill|reload)/, 'disruptive'],
  [/^(?:docker|podman|crictl) (?:rm|rmi|stop|kill|restart|prune|system)/, 'disruptive'],
  [/^helm (?:uninstall|delete)/, 'destructive'],
  [/^helm (?:rollback|upgrade|install)/, 'disruptive'],
  [/^ceph .*\b(?:rm|purge|destroy|out|zap)\b/, 'destructive'],
  [/^(?:aws|gcloud|az) .*\b(?:delete|terminate)/, 'destructive'],
  [/^terraform (?:apply|destroy)/, 'destructive'],
];

/** What a program does at most; a word that is no program we know is not known. */
export const toolPlan = (tool: string, words: readonly Word[], source: string): Classified => {
  if (tool === 'sudo' && words[0]?.text != null) {
    return toolPlan(words[0].text, words.slice(1), source);
  }
  const line = [tool, ...words.map((w) => w.text ?? '…')].join(' ');
  const found = worse.find(([pattern]) => pattern.test(line))?.[1] ?? tools[tool] ?? 'manual';
  return byHand(source, found, known.has(tool));
};
