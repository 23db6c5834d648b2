import { failed, failure, ok, type Result } from '../kernel/failure.ts';

export interface WebhookAddress {
  readonly host: string;
  readonly port: number;
  readonly loopback: boolean;
}

const loopback = /^(127(?:\.\d{1,3}){3}|::1|localhost)$/;

/** Reads `:9099`, `9099`, `host:9099` or `[::1]:9099`. Without a host it is loopback: nobody else is let in by accident. */
export const webhookAddress = (text: string): Result<WebhookAddress> => {
  const [, host = '', digits = ''] =
    /^(?:(\[[0-9a-f:.]+\]|[^:[\]]*):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port < 1 || port > 65_535) {
    return failed(
      failure('misconfigured', 'listen for alerts', `"${text}" is no address to listen on`, {
        hint: 'give it as :9099 for loopback only, or as host:9099',
      }),
    );
  }
  const bare = host.replace(/^\[|\]$/g, '') || '127.0.0.1';
  return ok({ host: bare, port, loopback: loopback.test(bare) });
};
