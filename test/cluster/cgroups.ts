import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Run } from './run-dir.ts';
import { waitFor } from './wait.ts';

const ROOT = '/sys/fs/cgroup';

/** Every container of a run is below this cgroup, so its processes are known without asking anybody. */
export const cgroupName = (run: Run): string => `midwatch-${run.id}`;

const isUnified = (): boolean => existsSync(join(ROOT, 'cgroup.controllers'));

/** cgroup v1 has one tree for each controller, some of them the same under two names. */
const trees = (): readonly string[] => {
  if (isUnified()) return [ROOT];
  if (!existsSync(ROOT)) return [];
  const dirs = readdirSync(ROOT)
    .map((name) => realpathSync(join(ROOT, name)))
    .filter((dir) => existsSync(join(dir, 'cgroup.procs')));
  return [...new Set(dirs)];
};

// Where both versions are mounted runc uses this one beside the v1 trees; it makes its own directories.
const HYBRID = join(ROOT, 'unified');

const inheritCpuset = (tree: string, dir: string): void => {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const parent = join(tree, file);
    // An empty cpuset in cgroup v1 takes no process at all.
    if (!isUnified() && existsSync(parent)) {
      writeFileSync(join(dir, file), readFileSync(parent, 'utf8').trim());
    }
  }
};

/** Creates the run's cgroup in every tree, as the kubelet expects of its root. */
export const createCgroup = (run: Run): void => {
  for (const tree of trees().filter((one) => one !== HYBRID)) {
    const dir = join(tree, cgroupName(run));
    mkdirSync(dir, { recursive: true });
    inheritCpuset(tree, dir);
    if (isUnified()) {
      const controllers = readFileSync(join(tree, 'cgroup.controllers'), 'utf8').trim().split(' ');
      const enable = controllers.map((controller) => `+${controller}`).join(' ');
      writeFileSync(join(tree, 'cgroup.subtree_control'), enable);
      writeFileSync(join(dir, 'cgroup.subtree_control'), enable);
    }
    mkdirSync(join(dir, 'runtime'), { recursive: true });
    inheritCpuset(tree, join(dir, 'runtime'));
  }
};

/** A process that writes its pid here belongs to the run, and so does all it starts. */
export const runtimeProcs = (run: Run): string => {
  const tree = isUnified() ? ROOT : join(ROOT, 'pids');
  return join(tree, cgroupName(run), 'runtime', 'cgroup.procs');
};

const subtree = (dir: string): readonly string[] => {
  try {
    return [
      ...readdirSync(dir, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .flatMap((entry) => subtree(join(dir, entry.name))),
      dir,
    ];
  } catch {
    return [];
  }
};

const ofRun = (run: Run): readonly string[] =>
  trees().flatMap((tree) => subtree(join(tree, cgroupName(run))));

const pidsIn = (dir: string): readonly number[] => {
  try {
    return readFileSync(join(dir, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

/** Processes of the run's pods, sandboxes included; the runtime that started them is not among them. */
export const podPids = (run: Run): readonly number[] => [
  ...new Set(
    ofRun(run)
      .filter((dir) => !dir.includes(`/${cgroupName(run)}/runtime`))
      .flatMap(pidsIn),
  ),
];

/** Kills whatever is left in the run's cgroups, containers and their shims, and removes the cgroups. */
export const removeCgroup = async (run: Run): Promise<void> => {
  if (ofRun(run).length === 0) return;
  await waitFor(
    { until: `the containers of run ${run.id} have ended`, timeoutMs: 20_000, everyMs: 50 },
    () => {
      const pids = new Set(ofRun(run).flatMap(pidsIn));
      for (const pid of pids) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // Ended between the reading and the killing.
        }
      }
      return pids.size === 0;
    },
  );
  for (const dir of ofRun(run)) {
    await waitFor({ until: `${dir} is removed`, timeoutMs: 5000, everyMs: 50 }, () => {
      if (existsSync(dir)) rmdirSync(dir);
      return true;
    });
  }
};
