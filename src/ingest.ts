import { keepCompiledCode, writeCompiledCode } from './code-cache.ts';

// The thread that watches the cluster. It ends with the thread that started it.
keepCompiledCode(process.env);
await import('./ingest-main.ts');
// This thread is terminated, so it never ends by itself.
writeCompiledCode();
