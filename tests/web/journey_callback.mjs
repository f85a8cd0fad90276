// Every way back from QuickBooks: each has its own sentence and a way on, and none of them lets a
// stranger's answer through.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from './support/fake_backend.mjs';
import { sees, until } from './support/browser.mjs';
import { scene, useBrowser, withAttempt } from './support/scene.mjs';
import * as s from './support/states.mjs';

useBrowser();

const attempt = 'attempt-value-1';
const good = `/callback?code=a-code&state=${attempt}&realmId=${s.company.realm_id}`;
const posted = (backend) => backend.requests.filter(([, path]) => path === '/api/callback');
const clean = (page) => assert.doesNotMatch(page.url(), /code|state|realmId|error|iss/);

/** The backend of a sign-in under way, which fails for `reason` when a callback comes. */
const failing = (reason) => async (backend, page) => {
  await withAttempt(attempt)(backend, page);
  backend.onCallback = () => ({
    notices: backend.step({ connect: s.connect(s.legacy()) }, [['sign_in_failed', reason]]) });
};

test('callback: the right one is sent on once, and the address is clean before that', () =>
  scene(s.page(s.authorizing('x')), {
    at: good,
    before: async (backend, page) => {
      await withAttempt(attempt)(backend, page);
      backend.onCallback = () => { backend.step({ connect: s.connect(s.exchanging('x')) }); };
    },
  }, async ({ page, backend, tile }) => {
    await sees(tile.getByText('Finishing the connection…'));
    clean(page);
    await until('it was sent on', () => posted(backend).length === 1);
    assert.deepEqual(posted(backend)[0][2],
                     { state: attempt, code: 'a-code', realmId: s.company.realm_id, iss: null, error: null,
                       company_confirmed: null });
    backend.step({ connect: s.connect(s.linked()), import: s.running('Account', 0) },
                 [['upgraded', s.company.name]]);
    await sees(tile.getByText('Connected', { exact: true }));
  }));

for (const [name, at, title] of [
  ['of another sign-in', `/callback?code=c&state=something-else&realmId=1`, 'This answer belongs to another sign-in'],
  ['without a state', `/callback?code=c&realmId=1`, 'The answer from QuickBooks cannot be read'],
  ['with two states', `/callback?code=c&state=${attempt}&state=b&realmId=1`, 'The answer from QuickBooks cannot be read'],
  ['with neither code nor error', `/callback?state=${attempt}`, 'The answer from QuickBooks cannot be read'],
]) {
  test(`callback: one ${name} is not used, and says so`, () =>
    scene(s.page(s.authorizing('x')), { at, before: withAttempt(attempt) },
          async ({ page, backend, button, announced }) => {
      await sees(page.getByText(title).first());
      await announced(title);
      await sees(button('Connect'));
      clean(page);
      assert.equal(posted(backend).length, 0);
    }));
}

test('callback: one that this tab did not ask for is not used, and says so', () =>
  scene(s.page(s.legacy()), { at: good }, async ({ page, backend, button }) => {
    await sees(page.getByText('No sign-in was begun in this tab').first());
    await sees(button('Connect'));
    assert.equal(posted(backend).length, 0);
  }));

test('callback: the same one a second time is not sent again', () =>
  scene(s.page(s.authorizing('x')), {
    at: good,
    before: async (backend, page) => {
      await withAttempt(attempt)(backend, page);
      backend.onCallback = () => { backend.step({ connect: s.connect(s.linked()) }); };
    },
  }, async ({ page, backend, tile }) => {
    await sees(tile.getByText('Connected', { exact: true }));
    await page.goto(backend.address + good);
    await sees(page.getByText('This sign-in has already been used').first());
    assert.equal(posted(backend).length, 1);
  }));

for (const [reason, query, words, dead_end] of [
  ['access_denied', 'error=access_denied', 'You did not give your consent at QuickBooks'],
  ['invalid_scope', 'error=invalid_scope', 'QuickBooks refused the permissions', true],
  ['company_elsewhere', 'code=c&realmId=1', 'is already connected for another firm', true],
  ['provider_error', 'error=server_error', 'QuickBooks could not finish the sign-in'],
  ['missing_company', 'code=c', 'without naming a company'],
]) {
  test(`callback: ${reason} ends the sign-in in the backend too, and says what to do`, () =>
    scene(s.page(s.authorizing('x')), { at: `/callback?${query}&state=${attempt}`, before: failing(reason) },
          async ({ page, backend, button, tile }) => {
      await sees(page.getByText(words).first());
      await sees(tile.getByText('Connected with OAuth 1.0. Upgrade needed'));
      await sees(button('Connect'));
      assert.equal(posted(backend).length, 1);
      const back = page.getByRole('link', { name: 'Back to Ledgerline' });
      if (dead_end) await sees(back);
      else assert.equal(await back.count(), 0);
      clean(page);
    }));
}

test('callback: an answer of another server is not used, and ends the sign-in', () =>
  scene({ ...s.page(s.authorizing('x')), issuer: 'https://issuer.example' },
        { at: `${good}&iss=https%3A%2F%2Felsewhere.example`, before: failing('wrong_issuer') },
        async ({ page, backend }) => {
    await sees(page.getByText('The answer did not come from QuickBooks').first());
    await until('the backend was told', () => posted(backend).length === 1);
  }));

test('callback: a code that has expired says that it took too long', () =>
  scene(s.page(s.authorizing('x')), {
    at: good,
    before: async (backend, page) => {
      await withAttempt(attempt)(backend, page);
      backend.onCallback = () => { backend.step({ connect: s.connect(s.exchanging('x')) }); };
    },
  }, async ({ page, backend, tile, button }) => {
    await sees(tile.getByText('Finishing the connection…'));
    backend.step({ connect: s.connect(s.legacy()) }, [['sign_in_failed', 'code_expired']]);
    await sees(page.getByText('The sign-in took too long').first());
    await sees(button('Connect'));
  }));

for (const [refusal, words] of [
  ['attempt_expired', 'This sign-in was started too long ago'],
  ['attempt_superseded', 'A newer sign-in was started, perhaps in another tab'],
]) {
  test(`callback: refused by the backend (${refusal}), it says why`, () =>
    scene(s.page(s.authorizing('x')), {
      at: good,
      before: async (backend, page) => {
        await withAttempt(attempt)(backend, page);
        backend.onCallback = () => { throw new Refused(refusal); };
      },
    }, async ({ page, button }) => {
      await sees(page.getByText(words).first());
      await sees(button('Connect'));
    }));
}

test('callback: a reload in the middle goes on with what the backend knows', () =>
  scene(s.page(s.authorizing('x')), {
    at: good,
    before: async (backend, page) => {
      await withAttempt(attempt)(backend, page);
      backend.onCallback = () => { backend.step({ connect: s.connect(s.exchanging('x')) }); };
    },
  }, async ({ page, backend, tile }) => {
    await sees(tile.getByText('Finishing the connection…'));
    await page.reload();
    await sees(tile.getByText('Finishing the connection…'));
    assert.equal(posted(backend).length, 1);
    backend.step({ connect: s.connect(s.linked()) }, [['upgraded', s.company.name]]);
    await sees(tile.getByText('Connected', { exact: true }));
  }));

test('callback: a reload before the backend had it says that the sign-in was interrupted', () =>
  scene(s.page(s.authorizing('x')), {
    at: good,
    before: async (backend, page) => {
      await withAttempt(attempt)(backend, page);
      backend.onCallback = () => new Promise(() => {});
    },
  }, async ({ page, backend, button }) => {
    await until('it is on its way', () => posted(backend).length === 1);
    await page.reload();
    await sees(page.getByText('The sign-in was interrupted').first());
    await sees(button('Connect'));
    assert.equal(posted(backend).length, 1);
  }));

test('callback: an answer lost on the way is asked for again, and a spent attempt is then no error', () =>
  scene(s.page(s.authorizing('x')), {
    at: good,
    before: async (backend, page) => {
      await withAttempt(attempt)(backend, page);
      backend.onCallback = () => {
        backend.page.state.connect = s.connect(s.linked());
        backend.page.seq += 1;
        if (posted(backend).length === 1) throw Object.assign(new Error('cut'), { cut: true });
        throw new Refused('attempt_spent');
      };
    },
  }, async ({ tile, page }) => {
    await sees(tile.getByText('Connected', { exact: true }));
    assert.equal(await page.getByText('The sign-in could not be finished').count(), 0);
  }));

test('back button: coming back without finishing offers Connect and Cancel', () =>
  scene(s.page(s.legacy()), {
    before: (backend) => {
      backend.commands.connect = () => {
        backend.step({ connect: s.connect(s.authorizing('x')) });
        return { redirect: `${backend.address}/fonts/`, attempt_state: attempt };
      };
    },
  }, async ({ page, backend, button }) => {
    await button('Connect').click();
    await page.waitForURL('**/fonts/');
    await page.goBack();
    await sees(page.getByText('Sign-in under way at QuickBooks').first());
    await sees(button('Cancel'));
    assert.equal(await button('Connect').isEnabled(), true);
    assert.equal(backend.requests.filter(([, path]) => path === '/api/commands').length, 1);
  }));

test('two tabs: what happens in one is shown in the other', () =>
  scene(s.page(s.legacy()), {
    before: (backend) => {
      backend.commands.connect = () => {
        backend.step({ connect: s.connect(s.authorizing('x')) });
        return { redirect: `${backend.address}/fonts/`, attempt_state: attempt };
      };
    },
  }, async ({ page, backend, open, button }) => {
    const second = await open();
    await second.goto(backend.address);
    await sees(second.getByText('Connected with OAuth 1.0. Upgrade needed'));
    await button('Connect').click();
    await page.waitForURL('**/fonts/');
    await sees(second.getByText('Sign-in under way at QuickBooks').first());
    await sees(second.getByRole('button', { name: 'Cancel' }));
  }));
