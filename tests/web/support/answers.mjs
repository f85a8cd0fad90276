// What the real backend answers the page, held against the description of the page's API.
import assert from 'node:assert/strict';
import { check_answer } from '../../support/description.mjs';

/** In the page: passes on each answer of the API with its body, and of a stream each event as it arrives. */
function passOn() {
  const ask = window.fetch;
  // A page that is being left can tell no more, and has read no more.
  const tell = (...answer) => window.rekeyAnswered(...answer).catch(() => {});

  async function follow(answer, ...what) {
    const chunks = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await chunks.read();
      if (done) return;
      const events = (rest + value).split('\n\n');
      rest = events.pop();
      if (events.length) tell(...what, `${events.join('\n\n')}\n\n`);
    }
  }

  window.fetch = async (path, options) => {
    const answer = await ask(path, options);
    if (String(path).startsWith('/api/')) {
      const type = answer.headers.get('content-type');
      const what = [options?.method ?? 'GET', path, answer.status, type];
      const copy = answer.clone();
      const read = type === 'text/event-stream' ? follow(copy, ...what) : copy.text().then((text) => tell(...what, text));
      read.catch(() => {});
    }
    return answer;
  };
}

/** Watches every page of a context; `check` fails when an answer was not described, or there was none. */
export async function watchAnswers(context) {
  const undescribed = [];
  let answers = 0;
  await context.exposeBinding('rekeyAnswered', (_, ...answer) => {
    answers += 1;
    try {
      check_answer(...answer);
    } catch (error) {
      undescribed.push(error.message);
    }
  });
  await context.addInitScript(passOn);
  return {
    check() {
      assert.deepEqual(undescribed, []);
      assert.ok(answers > 0, 'no answer was seen');
    },
  };
}
