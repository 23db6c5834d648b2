import { etcd2143 } from './etcd-21-43/etcd-21-43.ts';
import type { Incident } from './incident.ts';
import { paymentGateway } from './payment-gateway.ts';

/** Every incident that can be had. */
export const incidents: readonly Incident[] = [paymentGateway, etcd2143];

/** @throws with the names there are when it is none of them. */
export const incidentNamed = (name: string): Incident => {
  const found = incidents.find((one) => one.name === name);
  if (found) return found;
  throw new Error(`no incident ${name}; there are: ${incidents.map((one) => one.name).join(', ')}`);
};
