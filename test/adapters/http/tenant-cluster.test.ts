import { expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { openHttp } from '../../../src/adapters/http/open-http.ts';
import { openCluster } from '../../../src/adapters/kubernetes/open-cluster.ts';
import { noTls, type SourceWay } from '../../../src/kernel/source-target.ts';
import { seconds } from '../../../src/kernel/units.ts';
import type { Manifest } from '../../cluster/apply.ts';
import { BUSYBOX_IMAGE } from '../../cluster/busybox-image.ts';
import { describeWithCluster } from '../../cluster/support.ts';
import { namespaceOf } from '../../cluster/workloads.ts';

const namespace = 'monitoring';
const labels = { app: 'echo' };

/** Answers every request with the tenant that it names. */
const answer = [
  'tenant=none',
  'while read -r line; line=$(echo "$line" | tr -d "\\r"); [ -n "$line" ]',
  'do case "$line" in [Xx]-[Ss]cope-[Oo]rg[Ii][Dd]:*) tenant=$(echo "$line" | cut -d" " -f2);; esac',
  'done',
  'printf "HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nConnection: close\\r\\n\\r\\n%s" "$tenant"',
].join('\n');

const echo: Manifest = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'echo', namespace, labels },
  spec: {
    nodeSelector: { 'midwatch.dev/node': 'real' },
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'echo',
        image: BUSYBOX_IMAGE,
        imagePullPolicy: 'IfNotPresent',
        env: [{ name: 'ANSWER', value: answer }],
        command: [
          'sh',
          '-c',
          'echo "$ANSWER" > /tmp/answer; exec nc -ll -p 8080 -e sh /tmp/answer',
        ],
        readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
      },
    ],
  },
};

const service: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'echo', namespace, labels },
  spec: { selector: labels, ports: [{ name: 'web', port: 8080, targetPort: 8080 }] },
};

describeWithCluster('a tenant on its way through an API server', { realNode: true }, (cluster) => {
  it('given each way to a server in the cluster, when a tenant is named, then the server hears of it', async () => {
    await cluster().apply([namespaceOf(namespace), echo, service]);
    await cluster().waitFor({ until: 'the server runs', timeoutMs: 180_000 }, async () =>
      (await cluster().read(echo)).status.conditions?.some(
        (c: { type: string; status: string }) => c.type === 'Ready' && c.status === 'True',
      ),
    );
    const ended = new AbortController();
    const { signal } = ended;
    const opened = await openCluster(
      { flags: { kubeconfig: cluster().kubeconfig }, env: {}, clock: systemClock, version: 'test' },
      signal,
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    const { client, forward } = opened.value;
    const at = { namespace, name: 'echo', scheme: 'http', path: '' } as const;
    const ways: readonly SourceWay[] = [
      { kind: 'service', ...at, port: 'web' },
      { kind: 'pod-proxy', ...at, port: 8080 },
      { kind: 'pod', ...at, port: 8080 },
    ];
    for (const way of ways) {
      const http = openHttp(
        { name: 'echo', way, auth: { kind: 'none' }, tls: noTls },
        { api: client, forward, clock: systemClock, version: 'test' },
        () => null,
      );
      const ask = async (tenant: { readonly tenant?: string }) => {
        const request = { method: 'GET', path: '/', timeout: seconds(30), limit: 1000 } as const;
        const got = await http.request({ ...request, ...tenant }, signal);
        return got.ok ? await got.value.text() : got;
      };
      expect([way.kind, await ask({ tenant: 'shop|bank' })]).toEqual([
        way.kind,
        { ok: true, value: 'shop|bank' },
      ]);
      expect([way.kind, await ask({})]).toEqual([way.kind, { ok: true, value: 'none' }]);
      await http.close();
    }
    ended.abort();
  }, 300_000);
});
