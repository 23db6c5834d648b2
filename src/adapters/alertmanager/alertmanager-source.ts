import type { AlertData } from '../../kernel/alert-fact.ts';
import type { Clock, Random } from '../../kernel/clock.ts';
import type { KubernetesPort, SourcePort } from '../../kernel/ports.ts';
import type { SourceSettings, SourceTarget } from '../../kernel/source-target.ts';
import { alertmanagerServices, discoverServices } from '../http/discover-services.ts';
import type { HttpSource } from '../http/http-source.ts';
import { type Attention, pollSource } from '../http/poll-source.ts';
import { watchSources } from '../http/watch-sources.ts';
import { AlertmanagerPoll } from './alertmanager-poll.ts';

export interface AlertmanagerSourceOptions {
  readonly settings: Pick<SourceSettings, 'alertmanagers' | 'discover'>;
  readonly kubernetes: Pick<KubernetesPort, 'get'>;
  readonly open: (target: SourceTarget) => HttpSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly attention: Attention;
}

/**
 * Every Alertmanager that is named or found, each asked on its own: every 5 s while somebody looks, else every 15 s.
 * The scope of what it says is the target's name.
 */
export const alertmanagerSource = (options: AlertmanagerSourceOptions): SourcePort<AlertData> => ({
  watch: (emit, signal) => {
    const { settings, kubernetes, open, clock } = options;
    return watchSources<AlertData>(
      {
        named: settings.alertmanagers,
        find: settings.discover
          ? (until) => discoverServices(kubernetes, alertmanagerServices, until)
          : null,
        watch: async (target, tell, until) => {
          const http = open(target);
          try {
            const poll = new AlertmanagerPoll(target.name, http, clock);
            await pollSource(poll, options, tell, until);
          } finally {
            await http.close();
          }
        },
        left: { kind: 'left', id: 'source' },
        clock,
      },
      emit,
      signal,
    );
  },
});
