import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/runbooks/steps/classify.ts';
import { ownSettings } from '../../../src/runbooks/steps/settings.ts';
import { templateText } from '../../../src/runbooks/steps/template.ts';
import { readCommand } from '../../../src/runbooks/steps/words.ts';

const of = (text: string) =>
  classify(
    readCommand(text, (p) => p.name),
    ownSettings,
    text,
  );

/** Kind, risk, what is done instead, and what there is to say. */
const short = (text: string): string => {
  const { plan, risk, remarks } = of(text);
  const instead = plan.kind === 'refused' ? `(${plan.instead?.kind ?? 'nothing'})` : '';
  return [`${plan.kind}${instead}`, risk, ...remarks.map((r) => r.rule)].join(' ');
};

describe('what a command is, by its words', () => {
  it.each([
    ['kubectl get pods -A -o wide', 'kubectl read'],
    ['kubectl -n kube-system describe pod/x', 'kubectl read'],
    ['oc adm top nodes', 'kubectl read'],
    ['kubectl rollout status deploy/x -n y', 'kubectl read'],
    ['kubectl auth can-i get pods', 'kubectl read'],
    ['kubectl get secret x -o yaml', 'refused(nothing) manual secret'],
    ['kubectl get pods,secrets', 'refused(nothing) manual secret'],
    ['kubectl get --raw /api/v1/nodes/n/proxy/run', 'refused(nothing) manual unknown-action'],
    ['kubectl get pods --brand-new-flag x', 'manual manual'],
    ['kubectl logs -n a b --since=10m', 'logs read'],
    ['kubectl logs -n a b', 'logs read unbounded-logs'],
    ['kubectl logs -n a b --since=90d', 'logs read unbounded-logs'],
    ['kubectl exec -n a etcd-0 -c etcd -- etcdctl member list', 'refused(etcd) read exec'],
    ['kubectl exec -it x -- sh', 'refused(debug) manual exec'],
    ['kubectl exec x -c app -- cat /etc/hosts', 'refused(debug) manual exec'],
    ['oc rsh -n a etcd-0 etcdctl endpoint status --cluster', 'refused(etcd) read exec'],
    ['kubectl exec etcd-0 -- etcdctl defrag', 'refused(etcd) disruptive exec'],
    ['kubectl exec etcd-0 -- etcdctl get / --prefix', 'refused(nothing) manual exec secret'],
    ['kubectl cp a:/x /y', 'refused(nothing) manual exec'],
    ['kubectl debug -it x --image=busybox:1.36 --target=app', 'debug change'],
    ['oc debug node/x -- chroot /host df', 'debug change'],
    ['kubectl debug -it x --image=busybox', 'debug change image'],
    ['kubectl wait --for=condition=Ready pod/x --timeout=60s', 'watch read'],
    ['kubectl wait --for=delete pod/x', 'watch read'],
    ['kubectl delete pod x', 'manual disruptive'],
    ['kubectl delete namespace x', 'manual destructive'],
    ['kubectl apply -f x.yaml', 'manual change'],
    ['kubectl scale deploy/x --replicas=0', 'manual disruptive'],
    ['kubectl rollout restart deploy/x', 'manual disruptive'],
    ['kubectl whatever x', 'manual manual'],
    ['ETCDCTL_API=3 etcdctl endpoint health', 'etcd read'],
    ['etcdctl compact 123', 'etcd change'],
    ['etcdctl defrag --cluster', 'etcd disruptive'],
    ['etcdctl member remove abc', 'manual destructive'],
    ['etcdctl get /registry --prefix', 'refused(nothing) manual secret'],
    ['curl -sk https://x/healthz', 'http read'],
    ['curl -X POST https://x', 'manual change'],
    ['curl -H "Authorization: Bearer x" https://x', 'manual manual'],
    ['curl file:///etc/passwd', 'manual manual'],
    ['kubectl get pods | grep -v Running', 'refused(kubectl) manual shell'],
    ['kubectl get pods -o name | xargs kubectl delete', 'refused(nothing) destructive shell'],
    ['kubectl logs x --since=1h | grep error', 'refused(logs) manual shell'],
    ['kubectl get pods; rm -rf /', 'refused(nothing) manual shell'],
    ['kubectl get pods && kubectl exec x -- sh', 'refused(nothing) manual exec shell'],
    ['kubectl logs $(kubectl get pods -o name)', 'refused(nothing) manual unbounded-logs shell'],
    ['kubectl get pods `id`', 'refused(nothing) manual shell'],
    ['kubectl get pods > x', 'refused(kubectl) manual shell'],
    ['kubectl get pods "x', 'refused(nothing) manual shell'],
    ['rm -rf /var/lib/etcd', 'manual destructive'],
    ['systemctl restart kubelet', 'manual disruptive'],
    ['sudo reboot', 'manual disruptive'],
  ])('given %s, then %s', (text, expected) => {
    expect(short(text)).toBe(expected);
  });

  it('given logs, then they are bounded in time and lines whatever is written', () => {
    expect(of('kubectl logs x --since=90d --tail=-1').plan).toMatchObject({
      since: 86_400_000,
      tail: 200,
    });
    expect(of('kubectl logs x').plan).toMatchObject({ since: 1_800_000, bounded: false });
    expect(of('kubectl logs x --since=1h | grep -i oom').plan).toMatchObject({
      instead: { filter: 'oom', bounded: true },
    });
  });

  it('given placeholders, then they are parameters within one word, and never words of their own', () => {
    const { plan } = of(`kubectl -n<ns> get pod/etcd-\${node} -l app={{ $labels.app }} -o yaml`);
    expect(plan).toMatchObject({ kind: 'kubectl', output: 'yaml', subject: { resource: 'pod' } });
    if (plan.kind !== 'kubectl') throw new Error('not a plan');
    expect(plan.subject.names.map(templateText)).toEqual([`etcd-\${node}`]);
    expect(templateText(plan.subject.namespace ?? [])).toBe(`\${ns}`);
    expect(templateText(plan.subject.selector ?? [])).toBe(`app=\${labels.app}`);
  });
});
