import { describe, expect, it } from 'vitest';
import { mayFetch, rawAddress } from '../../../src/runbooks/resolve/address.ts';
import { commitAgrees, commitAnnotation } from '../../../src/runbooks/resolve/commit-annotation.ts';
import { indexRunbook } from '../../../src/runbooks/resolve/index-runbook.ts';
import type {
  Library,
  LibraryEntry,
  RunbookSource,
} from '../../../src/runbooks/resolve/library.ts';
import { resolveRunbook } from '../../../src/runbooks/resolve/resolve-runbook.ts';

const source = (root: string): RunbookSource => ({
  name: root,
  kind: 'folder',
  root,
  commit: { kind: 'commit', id: 'a'.repeat(40), branch: 'main', changed: [] },
  problems: [],
});
const entry = (of: RunbookSource, path: string, text = ''): LibraryEntry => ({
  source: of,
  path,
  modified: 0,
  ...indexRunbook(text, path),
});

const own = source('/srv/own');
const prom = source('/srv/prom');
const shipped = source('/opt/shipped');
const library: Library = {
  sources: [own, prom, shipped],
  entries: [
    entry(own, 'a/KubeAPIDown.md'),
    entry(own, 'b/KubeAPIDown.md'),
    entry(own, 'pay/payments.md', '---\nalerts: [PaymentsDown, Payments*]\n---\n'),
    entry(own, 'multi.md'),
    entry(own, 'README.md'),
    entry(prom, 'kubernetes/KubeHpaMaxedOut.md', '---\naliases: [/old/hpa/]\n---\n'),
    entry(prom, 'kubernetes/_index.md'),
    entry(shipped, 'etcd-no-leader.md', '---\nalerts: etcdNoLeader\n---\n'),
    entry(shipped, 'etcd-default.md', '---\ncategory: etcd\n---\n'),
    entry(shipped, 'payments.md', '---\nalerts: [PaymentsDown]\n---\n'),
  ],
};
const settings = {
  prefixes: [
    { from: 'https://runbooks.example.dev/', to: '/srv/own' },
    { from: 'https://runbooks.example.dev/runbooks/', to: '/srv/prom' },
    { from: 'https://github.com/o/r/blob/*/docs/', to: '/srv/own' },
  ],
  fetch: true,
  allowHosts: ['raw.githubusercontent.com', '*.corp.example', 'localhost:9999'],
};

const resolve = (alertname: string, url = '', labels = {}) => {
  const annotations = url === '' ? {} : { runbook_url: url };
  const found = resolveRunbook(
    { labels: { alertname, ...labels }, annotations },
    library,
    settings,
  );
  const where =
    found.kind === 'found'
      ? `${found.entry.source.root}/${found.entry.path}${found.fragment === '' ? '' : `#${found.fragment}`}`
      : found.kind === 'page'
        ? found.url
        : found.kind === 'several'
          ? found.entries.map((e) => e.path).join(' ')
          : '';
  const rule = found.kind === 'missing' ? '' : found.by.rule;
  return [found.kind, rule, where, found.dead?.why ?? ''].filter((x) => x !== '').join(' | ');
};

describe('the runbook of an alert', () => {
  it.each([
    // Its address, through a prefix: the longest, without ending and case, and within its folder.
    [
      'X',
      'https://runbooks.example.dev/runbooks/kubernetes/kubehpamaxedout',
      'found | prefix | /srv/prom/kubernetes/KubeHpaMaxedOut.md',
    ],
    [
      'X',
      'https://runbooks.example.dev/runbooks/kubernetes/',
      'found | prefix | /srv/prom/kubernetes/_index.md',
    ],
    [
      'X',
      'https://github.com/o/r/blob/main/docs/multi.md#alert-x',
      'found | prefix | /srv/own/multi.md#alert-x',
    ],
    [
      'X',
      'https://runbooks.example.dev/runbooks-old/x',
      'missing | /srv/own/runbooks-old/x does not exist',
    ],
    ['X', 'https://runbooks.example.dev/%2e%2e/%2e%2e/etc/passwd', 'missing | the path climbs'],
    [
      'X',
      'https://docs.example.dev/old/hpa',
      'found | alias | /srv/prom/kubernetes/KubeHpaMaxedOut.md',
    ],
    // A file, or a page.
    ['X', 'pay/payments.md', 'found | file | /srv/own/pay/payments.md'],
    ['X', 'file:///srv/own/multi.md', 'found | file | /srv/own/multi.md'],
    ['X', 'file:///etc/passwd', 'missing | it is outside the folders of runbooks'],
    ['X', '../../etc/passwd', 'missing | the path climbs'],
    [
      'X',
      'https://github.com/a/b/blob/main/x.md',
      'page | address | https://raw.githubusercontent.com/a/b/main/x.md',
    ],
    [
      'X',
      'https://wiki.corp.example/x.md?plain=1#y',
      'page | address | https://wiki.corp.example/x.md?plain=1',
    ],
    ['X', 'javascript:alert(1)', 'missing | javascript: is not read'],
    ['X', 'not an address', 'missing | it is no address'],
    // What the runbooks say of themselves; the source that comes first wins.
    ['PaymentsDown', '', 'found | alerts | /srv/own/pay/payments.md'],
    ['PaymentsSlow', '', 'found | alerts | /srv/own/pay/payments.md'],
    ['etcdNoLeader', '', 'found | alerts | /opt/shipped/etcd-no-leader.md'],
    ['KubeHpaMaxedOut', '', 'found | file-name | /srv/prom/kubernetes/KubeHpaMaxedOut.md'],
    ['Readme', '', 'missing'],
    // A dead address is told, and does not hide the rest.
    [
      'etcdNoLeader',
      'https://elsewhere.example/x',
      'found | alerts | /opt/shipped/etcd-no-leader.md | elsewhere.example is not among runbooks.allowHosts',
    ],
    // Nothing is guessed.
    ['KubeAPIDown', '', 'several | file-name | a/KubeAPIDown.md b/KubeAPIDown.md'],
    [
      'KubeAPIDown',
      'https://elsewhere.example/b/KubeAPIDown',
      'found | file-name | /srv/own/b/KubeAPIDown.md | elsewhere.example is not among runbooks.allowHosts',
    ],
    ['etcdStrange', '', 'found | category | /opt/shipped/etcd-default.md'],
    ['Unheard', '', 'missing'],
  ])('given %s and "%s", then %s', (name, url, expected) => {
    expect(resolve(name, url)).toBe(expected);
  });

  it('given a page that could not be had, then that is told, and the next rule counts', () => {
    const url = 'https://wiki.corp.example/x.md';
    const alert = { labels: { alertname: 'etcdNoLeader' }, annotations: { runbook_url: url } };
    const found = resolveRunbook(alert, library, settings, new Map([[url, 'no answer']]));
    expect(found).toMatchObject({
      kind: 'found',
      by: { rule: 'alerts' },
      dead: { why: 'no answer' },
    });
  });
});

describe('what may be fetched', () => {
  it.each([
    ['https://a.corp.example/x', 'allowed'],
    ['https://corp.example/x', 'corp.example is not among runbooks.allowHosts'],
    ['https://evilcorp.example/x', 'evilcorp.example is not among runbooks.allowHosts'],
    ['https://a.corp.example:8443/x', 'a.corp.example:8443 is not among runbooks.allowHosts'],
    ['http://a.corp.example/x', 'it is not https'],
    ['http://localhost:9999/x', 'allowed'],
    ['https://u:p@a.corp.example/x', 'it has credentials in it'],
    ['ftp://a.corp.example/x', 'ftp: is not read'],
  ])('given %s, then %s', (url, expected) => {
    const verdict = mayFetch(url, settings);
    expect(verdict.kind === 'allowed' ? 'allowed' : verdict.why).toBe(expected);
  });

  it('given pages around a text, then the text itself is asked for', () => {
    expect(rawAddress('https://gitlab.corp.example/g/p/-/blob/main/x.md')).toBe(
      'https://gitlab.corp.example/g/p/-/raw/main/x.md',
    );
    expect(mayFetch('https://x', { ...settings, fetch: false })).toMatchObject({ kind: 'refused' });
  });
});

describe('the commit that a rule tells', () => {
  it.each([
    [{ runbook_commit: '3F2C91A' }, { kind: 'told', id: '3f2c91a', by: 'runbook_commit' }],
    [{ commit: 'latest' }, { kind: 'wrong', by: 'commit', written: 'latest' }],
    [
      { runbook_url: 'https://github.com/o/r/blob/3f2c91a0/x.md' },
      { kind: 'told', id: '3f2c91a0' },
    ],
    [{ runbook_url: 'https://github.com/o/r/blob/main/x.md' }, { kind: 'missing' }],
    [{}, { kind: 'missing' }],
  ])('given %j, then %j', (annotations, expected) => {
    expect(commitAnnotation(annotations)).toMatchObject(expected);
  });

  it('given both, then it is told whether they are the same', () => {
    const commit = own.commit;
    expect(commitAgrees({ kind: 'told', id: 'aaaaaaa', by: '' }, commit)).toBe(true);
    expect(commitAgrees({ kind: 'told', id: 'bbbbbbb', by: '' }, commit)).toBe(false);
    expect(commitAgrees({ kind: 'missing' }, commit)).toBeNull();
  });
});
