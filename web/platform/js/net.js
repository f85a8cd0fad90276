// The network: requests to our own origin.
const rkNet = (() => {
  'use strict';

  const unreachable = 1, timedOut = 2;

  // Texts for C++, freed when it has read them.
  function withTexts(texts, callback) {
    const buffers = texts.map((text) => {
      const size = lengthBytesUTF8(text) + 1;
      const buffer = Module._malloc(size);
      stringToUTF8(text, buffer, size);
      return buffer;
    });
    callback(...buffers);
    buffers.forEach((buffer) => Module._free(buffer));
  }

  function done(handle, failure, status, body, etag, retryAfter, age) {
    withTexts([body, etag], (bodyAt, etagAt) => {
      Module._rk_net_done(handle, failure, status, bodyAt, lengthBytesUTF8(body), etagAt,
                          retryAfter, age);
    });
    rkLoop.wake();
  }

  async function send(handle, request) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), request.timeout);
    // Told outside of `try`: a fault of what the answer leads to is no fault of the network.
    let answered = null;
    try {
      const headers = Object.assign({Accept: 'application/json'}, request.headers);
      if (request.body) headers['Content-Type'] = headers['Content-Type'] || 'application/json';
      const answer = await rkEarly.fetch(request.path, {
        method: request.method, headers, body: request.body || undefined,
        credentials: 'same-origin', cache: 'no-store', signal: stop.signal,
      });
      const body = await answer.text();
      const retry = parseInt(answer.headers.get('Retry-After') || '0', 10) || 0;
      answered = [0, answer.status, body, answer.headers.get('ETag') || '', retry, rkEarly.age(answer)];
    } catch (error) {
      answered = [stop.signal.aborted ? timedOut : unreachable, 0, '', '', 0, 0];
    } finally {
      clearTimeout(timer);
    }
    done(handle, ...answered);
  }

  return {send, withTexts};
})();
