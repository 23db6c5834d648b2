/** A process of its own that changes pods, so that the one that measures is not slowed down: `churn.ts <kubeconfig> <rate>`. */
import { openApi, readPods } from './api.ts';
import { keepChanging } from './changes.ts';

const [kubeconfig = '', rate = '200'] = process.argv.slice(2);
const ended = new AbortController();
process.once('SIGTERM', () => ended.abort());
const api = openApi(kubeconfig);
const pods = await readPods(api);
process.stdout.write('changing\n');
const achieved = await keepChanging(api, pods, Number(rate), ended.signal);
process.stdout.write(`${achieved.toFixed(0)}\n`);
await api.close();
