// What happens to a connection, told as it happens. All tabs of this browser that show the same
// connection share one stream of events: a lock elects the tab that holds it, and a channel passes
// on what arrives. A browser opens six requests to a host at once over HTTP/1.1, so at most four
// streams are open over all connections, and what has none asks every few seconds.
const rkStream = (() => {
  'use strict';

  const slots = 4, askEvery = 4000, hiddenFor = 30000, answerWithin = 2000;
  let alone = !(navigator.locks && window.BroadcastChannel);
  const streams = new Map();  // handle → stream

  const alive = (stream) => streams.get(stream.handle) === stream;
  const named = (stream) => stream.connection ? {'X-Rekey-Connection': stream.connection} : {};
  const ends = (status) => (status >= 400 && status < 500 && status !== 429) || status === 204;

  // Telling C++, and the other tabs ---------------------------------------------------------------

  function take(stream, message) {
    if (!alive(stream)) return;
    if (message.kind === 'event') {
      stream.lastId = message.id;
      rkNet.withTexts([message.name, message.data, message.id], (name, data, id) => {
        Module._rk_stream_event(stream.handle, name, data, id);
      });
    } else if (message.kind === 'open') {
      Module._rk_stream_open(stream.handle);
    } else if (message.kind === 'lost') {
      if (message.ended) close(stream.handle);
      Module._rk_stream_lost(stream.handle, message.status, message.ended ? 1 : 0);
    }
    rkLoop.wake();
  }

  function tell(stream, message) {
    if (!alive(stream)) return;
    if (message.kind !== 'event') stream.isOpen = message.kind === 'open';
    if (stream.channel) stream.channel.postMessage(message);
    take(stream, message);
  }

  // The stream itself -----------------------------------------------------------------------------

  // One block of an event stream, as the HTML standard reads it.
  function dispatch(stream, block) {
    let name = 'message', id = stream.lastId;
    const data = [];
    for (const line of block.split(/\r\n|\r|\n/)) {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') name = value;
      if (field === 'data') data.push(value);
      if (field === 'id' && !value.includes('\0')) id = value;
      if (field === 'retry' && /^\d+$/.test(value)) stream.base = Number(value);
    }
    if (data.length > 0) tell(stream, {kind: 'event', name, data: data.join('\n'), id});
  }

  async function read(stream, answer, stop) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      stream.wait = stream.base;
      rest += value;
      const blocks = rest.split(/\r\n\r\n|\n\n|\r\r/);
      rest = blocks.pop();
      for (const block of blocks) {
        if (stop.aborted) return;
        dispatch(stream, block);
      }
    }
  }

  // Until it is cut: the status it was refused with, or 0.
  async function follow(stream, stop) {
    try {
      const headers = Object.assign({Accept: 'text/event-stream'}, named(stream));
      if (stream.lastId) headers['Last-Event-ID'] = stream.lastId;
      const answer = await fetch('/api/events', {
        headers, credentials: 'same-origin', cache: 'no-store', signal: stop,
      });
      if (!answer.ok || answer.status === 204) return answer.status;
      tell(stream, {kind: 'open'});
      await read(stream, answer, stop);
    } catch (error) {
      rkBoot.trapped(error);  // else cut, or not to be reached: both are 0
    }
    return 0;
  }

  // How things stand, for a tab that has no stream or may have missed something: the status.
  async function ask(stream, stop, share) {
    try {
      const answer = await fetch('/api/page', {
        // Asked by a timer, not by a person: it keeps no session from its idle end.
        headers: Object.assign({Accept: 'application/json', 'X-Rekey-Watching': '1'}, named(stream)),
        credentials: 'same-origin', cache: 'no-store', signal: stop,
      });
      if (!answer.ok) return answer.status;
      const {seq, now, state, notices} = await answer.json();
      if (stop.aborted) return 0;
      if (share && !stream.isOpen) tell(stream, {kind: 'open'});
      if (seq > Number(stream.lastId)) {
        const data = JSON.stringify({seq, at: now, state, notices});
        (share ? tell : take)(stream, {kind: 'event', name: 'step', data, id: String(seq)});
      }
      return answer.status;
    } catch (error) {
      rkBoot.trapped(error);
      return 0;
    }
  }

  // Waits; `online`, being shown again and the end cut it short.
  function pause(stream, ms, stop) {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      stream.hurry = () => {
        clearTimeout(timer);
        done();
      };
      stop.addEventListener('abort', stream.hurry, {once: true});
    });
  }

  function lost(stream, status) {
    const ended = ends(status);
    if (stream.isOpen !== false || ended) tell(stream, {kind: 'lost', status, ended});
  }

  // Leading: with one of the slots by the stream, without by asking.
  async function withStream(stream, stop) {
    const status = await follow(stream, stop);
    if (stop.aborted) return;
    lost(stream, status);
    // Later and later, up to half a minute, and not in step with everybody else.
    const wait = stream.wait * (0.8 + 0.4 * Math.random());
    stream.wait = Math.min(30000, stream.wait * 2);
    await pause(stream, wait, stop);
  }

  async function withoutStream(stream, stop) {
    const status = await ask(stream, stop, true);
    if (stop.aborted) return;
    if (status !== 200) lost(stream, status);
    await pause(stream, askEvery * (0.8 + 0.4 * Math.random()), stop);
  }

  async function inSlot(stream, stop, number) {
    if (number === slots) return withoutStream(stream, stop);
    const taken = await navigator.locks.request('rekey.slot.' + number, {ifAvailable: true},
                                                async (lock) => {
      while (lock && !stop.aborted) await withStream(stream, stop);
      return lock;
    });
    return taken || stop.aborted ? undefined : inSlot(stream, stop, number + 1);
  }

  async function lead(stream, stop) {
    while (!stop.aborted) await (alone ? withStream(stream, stop) : inSlot(stream, stop, 0));
  }

  // Which tab leads -------------------------------------------------------------------------------

  // Takes part in the election, until `leave`.
  function join(stream) {
    if (stream.stop) return;
    const stop = (stream.stop = new AbortController()).signal;
    if (alone) {
      lead(stream, stop);
      return;
    }
    navigator.locks.request('rekey.stream.' + stream.connection, {signal: stop}, () => {
      stream.leads = true;
      return lead(stream, stop);
    }).catch(() => {
      // Left before it was its turn; or the browser's settings forbid locks.
      if (stop.aborted) return;
      alone = true;
      lead(stream, stop);
    });
    catchUp(stream, stop);
  }

  // What happened before this tab listened: the tab that leads says how far it is.
  async function catchUp(stream, stop) {
    stream.channel.postMessage({kind: 'hello'});
    await pause({}, answerWithin, stop);
    if (!stop.aborted && !stream.leads && !stream.answered) ask(stream, stop, false);
  }

  function leave(stream) {
    if (!stream.stop) return;
    stream.stop.abort();
    stream.stop = null;
    stream.leads = stream.answered = false;
  }

  function hear(stream, message) {
    if (message.kind === 'hello') {
      if (stream.leads && stream.isOpen) {
        stream.channel.postMessage({kind: 'here', id: stream.lastId});
      }
    } else if (message.kind === 'here') {
      stream.answered = true;
      take(stream, {kind: 'open'});
      if (stream.stop && Number(message.id) > Number(stream.lastId)) {
        ask(stream, stream.stop.signal, false);
      }
    } else {
      take(stream, message);
    }
  }

  function connect(stream) {
    if (!alone && !stream.channel) {
      stream.channel = new BroadcastChannel('rekey.' + stream.connection);
      stream.channel.onmessage = (event) => hear(stream, event.data);
    }
    join(stream);
  }

  function disconnect(stream) {
    leave(stream);
    if (stream.channel) stream.channel.close();
    stream.channel = null;
  }

  function open(handle, connection, lastId) {
    const stream = {handle, connection, lastId, base: 1000, wait: 1000};
    streams.set(handle, stream);
    connect(stream);
    shown();
  }

  function close(handle) {
    const stream = streams.get(handle);
    if (!stream) return;
    streams.delete(handle);
    disconnect(stream);
  }

  // A tab that is hidden for a while lets another have what it holds, and comes back when shown.
  let hidden = 0;
  function shown() {
    clearTimeout(hidden);
    if (document.hidden && !alone) hidden = setTimeout(() => streams.forEach(leave), hiddenFor);
    if (!document.hidden) {
      for (const stream of streams.values()) {
        join(stream);
        if (stream.hurry) stream.hurry();
      }
    }
  }
  document.addEventListener('visibilitychange', shown);

  // Back on the network: try at once rather than when the wait is over.
  window.addEventListener('online', () => {
    for (const stream of streams.values()) {
      stream.wait = stream.base;
      if (stream.hurry) stream.hurry();
    }
  });

  // On the way to another page the next tab is to take over at once; a page that comes back out of
  // the browser's memory opens its stream anew (rk_returned).
  window.addEventListener('pagehide', () => streams.forEach(disconnect));

  return {open, close};
})();
