import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** What is told of one request as its bytes are handed to the socket. */
export interface Follower {
  /** The head is about to be written. */
  readonly onSent: () => void;
  /** The last byte has been handed over. */
  readonly onWritten: () => void;
}

/** Tells when requests are written. */
export interface Watch {
  /** Runs a dispatch and follows the request that it makes. */
  readonly follow: (follower: Follower, dispatch: () => void) => void;
  readonly close: () => void;
}

/**
 * Listens to undici's diagnostics channels. They are shared by the whole process, other transports and `fetch`
 * included: a request is ours when it was made while our dispatch ran, which undici does synchronously.
 */
export function createWatch(): Watch {
  const followed = new WeakMap<object, Follower>();
  let making: Follower | null = null;
  const listeners = {
    'undici:request:create': (message: unknown) => {
      const request = requestIn(message);
      if (making !== null && request !== null) followed.set(request, making);
    },
    'undici:client:sendHeaders': (message: unknown) => followerOf(message)?.onSent(),
    'undici:request:bodySent': (message: unknown) => followerOf(message)?.onWritten(),
  };
  const followerOf = (message: unknown): Follower | undefined => {
    const request = requestIn(message);
    return request === null ? undefined : followed.get(request);
  };
  for (const [name, listener] of Object.entries(listeners)) subscribe(name, listener);
  return {
    follow(follower, dispatch) {
      making = follower;
      try {
        dispatch();
      } finally {
        making = null;
      }
    },
    close() {
      for (const [name, listener] of Object.entries(listeners)) unsubscribe(name, listener);
    },
  };
}

function requestIn(message: unknown): object | null {
  if (typeof message !== 'object' || message === null || !('request' in message)) return null;
  return typeof message.request === 'object' ? message.request : null;
}
