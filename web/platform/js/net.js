// The network: requests to our own origin, and streams of events that resume.
const rkNet = (() => {
  'use strict';

  const unreachable = 1, timedOut = 2;
  const streams = new Map();

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

  function done(handle, failure, status, body, etag, retryAfter) {
    withTexts([body, etag], (bodyAt, etagAt) => {
      Module._rk_net_done(handle, failure, status, bodyAt, lengthBytesUTF8(body), etagAt,
                          retryAfter);
    });
    rkLoop.wake();
  }

  async function send(handle, request) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), request.timeout);
    try {
      const headers = Object.assign({Accept: 'application/json'}, request.headers);
      if (request.body) headers['Content-Type'] = headers['Content-Type'] || 'application/json';
      const answer = await fetch(request.path, {
        method: request.method, headers, body: request.body || undefined,
        credentials: 'same-origin', cache: 'no-store', signal: stop.signal,
      });
      const body = await answer.text();
      const retry = parseInt(answer.headers.get('Retry-After') || '0', 10) || 0;
      done(handle, 0, answer.status, body, answer.headers.get('ETag') || '', retry);
    } catch (error) {
      done(handle, stop.signal.aborted ? timedOut : unreachable, 0, '', '', 0);
    } finally {
      clearTimeout(timer);
    }
  }

  // One block of an event stream, as the HTML standard reads it.
  function dispatch(handle, stream, block) {
    let name = 'message';
    const data = [];
    for (const line of block.split(/\r\n|\r|\n/)) {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') name = value;
      if (field === 'data') data.push(value);
      if (field === 'id' && !value.includes('\0')) stream.lastId = value;
      if (field === 'retry' && /^\d+$/.test(value)) stream.base = Number(value);
    }
    if (data.length === 0) return;
    withTexts([name, data.join('\n'), stream.lastId], (nameAt, dataAt, idAt) => {
      Module._rk_stream_event(handle, nameAt, dataAt, idAt);
    });
    rkLoop.wake();
  }

  async function read(handle, stream, answer) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const {value, done: ended} = await reader.read();
      if (ended) return;
      stream.wait = stream.base;
      rest += value;
      const blocks = rest.split(/\r\n\r\n|\n\n|\r\r/);
      rest = blocks.pop();
      for (const block of blocks) {
        if (streams.get(handle) !== stream) return;
        dispatch(handle, stream, block);
      }
    }
  }

  async function open(handle, stream) {
    let status = 0;
    try {
      const headers = {Accept: 'text/event-stream'};
      if (stream.lastId) headers['Last-Event-ID'] = stream.lastId;
      const answer = await fetch(stream.path, {
        headers, credentials: 'same-origin', cache: 'no-store', signal: stream.stop.signal,
      });
      status = answer.status;
      if (answer.ok) {
        Module._rk_stream_open(handle);
        rkLoop.wake();
        await read(handle, stream, answer);
        status = 0;
      }
    } catch (error) {
      status = 0;
    }
    if (streams.get(handle) !== stream) return;
    const ended = (status >= 400 && status < 500 && status !== 429) || status === 204;
    if (ended) streams.delete(handle);
    Module._rk_stream_lost(handle, status, ended ? 1 : 0);
    rkLoop.wake();
    if (!ended) again(handle, stream);
  }

  // Later and later, up to half a minute, and not in step with everybody else.
  function again(handle, stream) {
    const wait = stream.wait * (0.8 + 0.4 * Math.random());
    stream.wait = Math.min(30000, stream.wait * 2);
    stream.timer = setTimeout(() => {
      if (streams.get(handle) === stream) open(handle, stream);
    }, wait);
  }

  function openStream(handle, path, lastId) {
    const stream = {path, lastId, base: 1000, wait: 1000, timer: 0, stop: new AbortController()};
    streams.set(handle, stream);
    open(handle, stream);
  }

  function closeStream(handle) {
    const stream = streams.get(handle);
    if (!stream) return;
    streams.delete(handle);
    clearTimeout(stream.timer);
    stream.stop.abort();
  }

  // Back on the network: try at once rather than when the wait is over.
  window.addEventListener('online', () => {
    for (const [handle, stream] of streams) {
      if (!stream.timer) continue;
      clearTimeout(stream.timer);
      stream.timer = 0;
      stream.wait = stream.base;
      open(handle, stream);
    }
  });

  return {send, openStream, closeStream};
})();
