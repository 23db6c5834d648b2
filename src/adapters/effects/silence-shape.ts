import { bodyData, isRecord, saysOnly } from './body-shape.ts';

/** A silence as it is written for Alertmanager, and nothing else that could be posted there. */
export const isSilence = (body: string): boolean => {
  const data = bodyData(body);
  const told = ['matchers', 'startsAt', 'endsAt', 'createdBy', 'comment'];
  return (
    saysOnly(
      data,
      told.map((name) => [name]),
    ) &&
    isRecord(data) &&
    told.every((name) => name in data) &&
    Array.isArray(data.matchers) &&
    data.matchers.length > 0
  );
};

export const silencesPath = '/api/v2/silences';
/** Ids are UUIDs. */
export const silencePath = /^\/api\/v2\/silence\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
