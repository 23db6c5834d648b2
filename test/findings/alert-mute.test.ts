import { describe, expect, it } from 'vitest';
import { ago } from '../support/objects.ts';
import { alertOf, fails, first, heard, prometheusFirst, streamAfter } from './alert-scene.ts';

const fires = alertOf({ alertname: 'Other', severity: 'warning' });
const both = [...first('monitoring/am-0', 300, [fires]), ...first('monitoring/am-1', 300, [fires])];
const own = (told: Parameters<typeof streamAfter>[0]) =>
  streamAfter(told).items.filter((i) => i.key === 'own/alertmanagers');

describe('Alertmanagers that do not answer', () => {
  it('given one of two that still does, then that is told where the sources stand, and by no line', () => {
    expect(own([...both, fails('monitoring/am-0', 100), heard('monitoring/am-1')])).toEqual([]);
  });

  it('given that none does, then alerts may reach nobody since the last of them fell silent', () => {
    const told = [...both, fails('monitoring/am-0', 100), fails('monitoring/am-1', 60)];
    expect(own([...told, ...prometheusFirst('prometheus', 3, [])])).toMatchObject([
      {
        name: 'no Alertmanager answers',
        subject: 'am-0 and am-1: alerts may reach nobody',
        severity: 'warning',
        since: ago(60),
        proof: [
          { text: 'monitoring/am-0: connection refused' },
          { text: 'monitoring/am-1: connection refused' },
        ],
      },
    ]);
  });

  it('given that none ever did, then it is our way to them that is missing, and no line says otherwise', () => {
    expect(own([fails('am-0', 100)])).toEqual([]);
  });
});
