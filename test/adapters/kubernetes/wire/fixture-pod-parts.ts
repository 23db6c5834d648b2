/** Words from which the states of the recorded pods are put together. */
export const image = 'registry.example.com/shop/api:1.2.3';
const at = (minute: number): string => `2026-11-20T10:${String(minute).padStart(2, '0')}:00Z`;

export const running = { running: { startedAt: at(1) } };
export const waiting = (reason?: string, message?: string) => ({
  waiting: { ...(reason && { reason }), ...(message && { message }) },
});
export const ended = (exitCode: number, more: object = {}) => ({
  terminated: { exitCode, startedAt: at(2), finishedAt: at(3), ...more },
});

export const said = (name: string, state: object, more: object = {}) => ({
  name,
  image,
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...more,
});
export const up = (name: string, more: object = {}) =>
  said(name, running, { ready: true, started: true, ...more });
export const failedBefore = (restartCount: number, exitCode = 1, more: object = {}) => ({
  restartCount,
  lastState: ended(exitCode, { reason: 'Error', message: 'connection refused: db:5432', ...more }),
});

export const condition = (type: string, status: string, more: object = {}) => ({
  type,
  status,
  lastTransitionTime: at(4),
  ...more,
});
export const ready = [condition('Initialized', 'True'), condition('Ready', 'True')];
export const unready = [
  condition('Initialized', 'True'),
  condition('Ready', 'False', {
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [main]',
  }),
];

export const of = (phase: string, containerStatuses: object[], more: object = {}) => ({
  phase,
  containerStatuses,
  ...more,
});
export const main = { name: 'main', image };
export const second = { name: 'second', image };
export const two = { containers: [main, second] };
export const inits = {
  initContainers: [
    { name: 'one', image },
    { name: 'two', image },
  ],
  containers: [main],
};
export const sidecar = {
  initContainers: [
    { name: 'proxy', image, restartPolicy: 'Always' },
    { name: 'two', image },
  ],
  containers: [main],
};
export const initStatus = (...initContainerStatuses: object[]) =>
  of('Pending', [said('main', waiting('PodInitializing'))], {
    initContainerStatuses,
    conditions: [condition('Initialized', 'False')],
  });
