// Drives the inspector in Chromium and checks what a person would see. Started with the folder that `playwright-core` and
// `axe-core` are installed in, the address of a running mock, the name of one part, and a folder for screenshots.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { createRequire } from 'node:module';

const [folder, base, part, screenshots] = process.argv.slice(2);
const require = createRequire(join(folder, 'package.json'));
const { chromium } = require('playwright-core');

const PAGE = `${base}/__hookwright/`;
const TICKETS = `${base}/crm/ticket/api/users/42/tickets`;
const SECRETS = ['helpdesk-key-for-tests', 'another-key-of-somebody'];
const MARKUP = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>';

// The mock's clients

const headers = (more = {}) => ({
  'content-type': 'application/json',
  'x-channel': 'web',
  authorization: `Bearer ${SECRETS[0]}`,
  ...more,
});

const ticket = (values = {}) => JSON.stringify({ subject: 'broken lamp', urgent: true, ...values });

const post = async (more, body = ticket(), url = TICKETS) => {
  const reply = await fetch(url, { method: 'POST', headers: headers(more), body });
  await reply.arrayBuffer();
  return { id: Number(reply.headers.get('x-hookwright-exchange')), verdict: reply.headers.get('x-hookwright-verdict') };
};

const matching = () => post();
const differing = () => post({ 'x-channel': 'telephone' }, ticket({ urgent: 'yes' }));
const unmatched = () => post({}, ticket(), `${base}/crm/ticket/api/users/42/ticket`);

/** One of each verdict. */
async function oneOfEach() {
  const exchanges = [await matching(), await differing(), await unmatched()];
  assert.deepEqual(exchanges.map(({ verdict }) => verdict), ['matches', 'differs', 'unmatched']);
  return exchanges.map(({ id }) => id);
}

// The browser

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

async function open(hash = '', { width = 1400, height = 900, address = PAGE, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('console', (message) => {
    // The browser itself tells of replies such as 404.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) page.problems.push(message.text());
  });
  await page.goto(address + hash);
  await page.locator('#live[data-state="live"]').waitFor();
  return page;
}

const row = (page, id) => page.locator(`#rows a[data-id="${id}"]`);
const detail = (page) => page.locator('#detail');
const shot = (page, name) => page.screenshot({ path: join(screenshots, `${name}.png`) });

async function close(page) {
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

/** Waits until something is so; says what it was otherwise. */
async function until(look, expected) {
  let seen;
  for (let tries = 0; tries < 100; tries += 1) {
    seen = await look();
    if (seen === expected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.equal(seen, expected);
}

const focused = (page) => page.evaluate(() => document.activeElement?.dataset?.id ?? document.activeElement?.id ?? '');

const parts = {
  async empty() {
    const page = await open();
    const text = await detail(page).innerText();
    assert.match(text, /Waiting for the first request/);
    assert.ok(text.includes(`${base}/crm/ticket/`), text);
    assert.ok(text.includes('https://helpdesk.example.com/'), text);
    assert.match(text, /curl .*\/crm\/ticket\//s);
    await shot(page, 'empty');
    await close(page);
  },

  async live() {
    const page = await open();
    const { id } = await matching();
    await row(page, id).waitFor();
    const second = await differing();
    await row(page, second.id).waitFor();
    const ids = await page.locator('#rows a').evaluateAll((links) => links.map((link) => Number(link.dataset.id)));
    assert.deepEqual(ids, [second.id, id], 'the newest comes first');
    const text = await row(page, second.id).innerText();
    assert.match(text, /POST/);
    assert.match(text, /differs/);
    assert.match(text, /201/);
    await until(() => page.locator('#announcements').innerText().then((text) => /new/i.test(text)), true);

    await page.click('#pause');
    const third = await matching();
    await until(() => page.locator('#counts').innerText().then((text) => /1 waiting/.test(text)), true);
    assert.equal(await row(page, third.id).count(), 0, 'nothing moves while paused');
    await page.click('#pause');
    await row(page, third.id).waitFor();
    await shot(page, 'live');
    await close(page);
  },

  async detail() {
    const [matches, differs, none] = await oneOfEach();
    const page = await open(`#/requests/${differs}`);
    const rows = page.locator('table.checks tbody tr[data-verdict]:not(.note)');
    await rows.first().waitFor();
    const verdicts = await rows.evaluateAll((rows) => rows.map((row) => row.dataset.verdict));
    assert.ok(verdicts.filter((verdict) => verdict === 'differs').length >= 2, String(verdicts));
    assert.deepEqual(verdicts.lastIndexOf('differs') + 1, verdicts.filter((verdict) => verdict === 'differs').length, 'what differs comes first');
    const table = await page.locator('table.checks').innerText();
    assert.match(table, /≠ differs\s+header X-Channel\s+web\s+telephone/i);
    assert.match(table, /urgent/);
    assert.match(await detail(page).innerText(), /Differs from the spec in \d+ places/);
    assert.match(await detail(page).innerText(), /user\.user_id\s+42/, 'recovered values');
    const body = page.locator('.body .code').first();
    assert.equal(await body.innerText(), '{\n  "subject": "broken lamp",\n  "urgent": "yes"\n}');
    await page.getByRole('button', { name: 'Raw body of the request' }).click();
    assert.equal(await body.innerText(), '{"subject":"broken lamp","urgent":"yes"}');
    await shot(page, 'differs');

    await row(page, none).click();
    await page.getByRole('heading', { name: 'Nearest actions' }).waitFor();
    const nearest = await page.locator('.candidate').first().innerText();
    assert.match(nearest, /crm\/ticket/);
    assert.match(nearest, /≠ differs\s+path/);
    await shot(page, 'unmatched');

    await row(page, matches).click();
    await page.getByText('Matches the spec').waitFor();
    await page.goto(`${PAGE}#/requests/999999`);
    await page.getByText('It is not in the log').waitFor();
    await close(page);
  },

  async secrets() {
    const right = await matching();
    const wrong = await post({ authorization: `Bearer ${SECRETS[1]}` });
    assert.equal(wrong.verdict, 'differs');
    const page = await open();
    const received = [];
    page.on('response', async (response) => received.push(await response.text().catch(() => '')));
    for (const { id } of [right, wrong]) {
      await row(page, id).click();
      await page.getByText(`No. ${id}`).waitFor();
      await page.getByRole('heading', { name: /^Reply 201/ }).waitFor();
      const dom = await page.content();
      const secret = SECRETS.find((secret) => dom.includes(secret));
      assert.equal(secret, undefined, 'a secret stands in the page');
      for (const offered of ['curl', 'case']) {
        const reply = await fetch(`${PAGE}requests/${id}/${offered}`);
        assert.equal(reply.status, 200, offered);
        received.push(await reply.text());
      }
    }
    assert.ok(received.length >= 6);
    for (const text of received) assert.equal(SECRETS.find((secret) => text.includes(secret)), undefined, text);
    await close(page);
  },

  async markup() {
    const exchanges = [
      await post({ 'x-channel': MARKUP }, ticket({ subject: MARKUP })),
      await post({ 'content-type': 'text/html' }, MARKUP),
      await post({ 'content-type': 'application/xml' }, `<order>${MARKUP}</order>`),
      await post({}, ticket(), `${base}/nowhere?${MARKUP.replaceAll(' ', '+')}`),
      await post({ 'x-hookwright-case': encodeURIComponent(MARKUP) }),
    ];
    const page = await open();
    const elements = await page.evaluate(() => [...document.scripts].length);
    for (const { id } of exchanges) {
      await row(page, id).click();
      await page.getByText(`No. ${id}`).waitFor();
      assert.equal(await page.locator('img').count(), 0);
      assert.equal(await page.evaluate(() => [...document.scripts].length), elements);
    }
    assert.equal(await page.evaluate(() => window.owned), undefined);
    assert.deepEqual(page.problems, [], 'nothing had to be blocked');
    await row(page, exchanges[1].id).click();
    await page.getByText(`No. ${exchanges[1].id}`).waitFor();
    assert.equal(await page.locator('.body .code').first().innerText(), MARKUP);
    await shot(page, 'markup');
    const blocked = await page.evaluate(() => {
      try {
        document.body.insertAdjacentHTML('beforeend', '<b>markup</b>');
        return false;
      } catch {
        return true;
      }
    });
    assert.ok(blocked, 'the policy forbids making markup of text');
    assert.match(page.problems.join(), /TrustedHTML/);
    page.problems = [];
    await close(page);
  },

  async keyboard() {
    const [matches, differs, none] = await oneOfEach();
    const page = await open('', { permissions: ['clipboard-read', 'clipboard-write'] });
    await row(page, none).waitFor();
    await page.keyboard.press('j');
    await until(() => focused(page), String(none));
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await until(() => focused(page), String(matches));
    await page.keyboard.press('k');
    await until(() => focused(page), String(differs));
    await page.getByText(`No. ${differs}`).waitFor();
    assert.equal(await row(page, differs).getAttribute('aria-current'), 'true');
    await page.keyboard.press('Enter');
    await until(() => page.evaluate(() => document.activeElement.matches('#detail h2')), true);

    await page.keyboard.press('c');
    await until(() => page.evaluate(() => navigator.clipboard.readText()).then((text) => text.startsWith('curl ')), true);

    await page.keyboard.press('Escape');
    await until(() => focused(page), String(differs));
    assert.equal(new URL(page.url()).hash, '#/');

    await page.keyboard.press('/');
    await page.keyboard.type('telephone');
    await until(() => page.locator('#rows a').count(), 1);
    assert.equal(await row(page, differs).count(), 1, 'the search reads headers');
    await page.keyboard.press('Escape');
    await until(() => page.locator('#rows a').count(), 3);
    await page.keyboard.press('Escape');

    await page.keyboard.press('p');
    assert.equal(await page.locator('#live').getAttribute('data-state'), 'paused');
    await page.keyboard.press('p');
    assert.equal(await page.locator('#live').getAttribute('data-state'), 'live');

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Help' }).waitFor();
    await page.getByLabel('Single keys work').uncheck();
    await shot(page, 'help');
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    assert.equal(await page.locator('#live').getAttribute('data-state'), 'live', 'single keys are off');
    await close(page);
  },

  async filters() {
    const [matches, differs, none] = await oneOfEach();
    await (await fetch(TICKETS.replace('/crm/', '/CRM/'), { method: 'DELETE' })).arrayBuffer();
    const page = await open();
    const shown = () => page.locator('#rows a').evaluateAll((links) => links.map((link) => link.dataset.id).join());
    await until(() => page.locator('#rows a').count(), 4);
    const chosen = async (field, value, expected) => {
      await page.selectOption(`#filter-${field}`, value);
      await until(shown, expected);
      await page.click('#reset-filters');
      await until(() => page.locator('#rows a').count(), 4);
    };
    await chosen('verdict', 'matches', `${matches}`);
    await chosen('spec', 'crm/ticket', `${differs},${matches}`);
    await chosen('method', 'DELETE', `${none + 1}`);
    await chosen('status', '4', `${none + 1},${none}`);
    await page.fill('#search', 'no such text anywhere');
    await page.getByText('Nothing fits the filters.').waitFor();
    await close(page);
  },

  async buttons() {
    const [matches] = await oneOfEach();
    const page = await open(`#/requests/${matches}`);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download case' }).click();
    const download = await downloading;
    assert.match(download.suggestedFilename(), /\.toml$/);
    const stream = await download.createReadStream();
    let text = '';
    for await (const chunk of stream) text += chunk;
    assert.match(text, /\[\[case\]\]/);

    await page.getByRole('button', { name: 'Replay…' }).click();
    await page.getByLabel('URL', { exact: true }).fill(`${base}/crm/other/ping`);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.result h3').waitFor();
    assert.match(await page.locator('.result').innerText(), /\d{3}.* in [\d.]+ m?s/);
    await shot(page, 'replay');
    // Nothing listens at the port of a server that has ended.
    const ended = await new Promise((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => resolve(port));
      });
    });
    await page.getByLabel('URL', { exact: true }).fill(`http://127.0.0.1:${ended}/`);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.result .problem').waitFor();
    await page.keyboard.press('Escape');

    await page.click('#clear');
    await page.getByRole('button', { name: 'Cancel' }).click();
    assert.ok((await page.locator('#rows a').count()) >= 3, 'it asks');
    await page.click('#clear');
    await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
    await until(() => page.locator('#rows a').count(), 0);
    assert.equal((await (await fetch(`${PAGE}requests`)).json()).requests.length, 0);
    await close(page);
  },

  async narrow() {
    const [matches, differs, none] = await oneOfEach();
    await post({}, ticket({ subject: 'x'.repeat(5_000) }), `${TICKETS}?${'y'.repeat(2_000)}`);
    for (const scheme of ['light', 'dark']) {
      const page = await open('', { width: 360, height: 720, colorScheme: scheme });
      const fits = async (where) => {
        const over = await page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll('#detail, .list-pane .scroll')].map((place) => place.scrollWidth - place.clientWidth)));
        assert.ok(over <= 0, `${where} is ${over} pixels too wide`);
      };
      await row(page, matches).waitFor();
      await fits('the list');
      await shot(page, `narrow-list-${scheme}`);
      for (const id of [matches, differs, none, none + 1]) {
        await row(page, id).click();
        await page.getByText(`No. ${id}`).waitFor();
        await fits(`exchange ${id}`);
        assert.ok(!(await page.locator('#rows').isVisible()), 'the exchange has the whole width');
        await shot(page, `narrow-${id - matches}-${scheme}`);
        await page.getByRole('link', { name: 'All exchanges' }).click();
        await until(() => focused(page), String(id));
      }
      await page.click('#help');
      await fits('the help');
      await close(page);
    }
  },

  async themes() {
    await oneOfEach();
    const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const page = await open('', { colorScheme: 'dark' });
    const dark = await ground(page);
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await ground(page);
    assert.notEqual(dark, light, 'it follows the system');
    await page.keyboard.press('t');
    assert.equal(await ground(page), light);
    await page.keyboard.press('t');
    assert.equal(await ground(page), dark, 'it can be switched');
    await page.reload();
    assert.equal(await ground(page), dark, 'it is remembered');
    await shot(page, 'dark');
    await close(page);
  },

  async accessibility() {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    const exchanges = await oneOfEach();
    const views = ['', '#/actions', ...exchanges.map((id) => `#/requests/${id}`)];
    for (const scheme of ['light', 'dark']) {
      for (const width of [360, 1400]) {
        for (const view of [...views, 'help']) {
          // The policy of the page would keep the checker out as well.
          const page = await open(view === 'help' ? '' : view, { width, colorScheme: scheme, bypassCSP: true });
          if (view === 'help') await page.keyboard.press('?');
          if (view.startsWith('#/requests')) await page.locator('table.checks').first().waitFor();
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          const told = violations.map(({ impact, id, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html).join(' ')}`);
          assert.deepEqual(told, [], `${view} ${scheme} ${width}`);
          await close(page);
        }
      }
    }
  },

  async flood() {
    const page = await open();
    await page.evaluate(() => {
      globalThis.seen = { rows: 0, told: 0 };
      new MutationObserver(() => { globalThis.seen.told += 1; }).observe(document.getElementById('announcements'), { childList: true });
      new MutationObserver(() => {
        globalThis.seen.rows = Math.max(globalThis.seen.rows, document.querySelectorAll('#rows li').length);
      }).observe(document.getElementById('rows'), { childList: true });
    });
    const started = performance.now();
    let last = 0;
    await Promise.all(Array.from({ length: 16 }, async () => {
      for (let sent = 0; sent < 150; sent += 1) {
        const { id } = await matching();
        last = Math.max(last, id);
      }
    }));
    const seconds = (performance.now() - started) / 1000;
    await row(page, last).waitFor();
    await until(() => page.locator('#rows a').count(), 1000);
    const seen = await page.evaluate(() => globalThis.seen);
    assert.ok(seen.rows <= 1000, `${seen.rows} rows`);
    assert.ok(seen.told <= seconds / 4 + 3, `a screen reader was told ${seen.told} times in ${seconds} seconds`);
    const ids = await page.locator('#rows a').evaluateAll((links) => links.map((link) => Number(link.dataset.id)));
    assert.deepEqual(ids, Array.from({ length: 1000 }, (_, index) => last - index), 'none is missing, none stands twice');
    await shot(page, 'flood');
    await close(page);
  },

  async reconnect() {
    const sockets = new Set();
    const target = new URL(base);
    let isDown = false;
    const proxy = createServer((client) => {
      if (isDown) return client.destroy();
      const server = connect(Number(target.port), target.hostname);
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
      }
      client.pipe(server).pipe(client);
    });
    await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const page = await open('', { address: `http://127.0.0.1:${proxy.address().port}/__hookwright/` });
    isDown = true;
    for (const socket of sockets) socket.destroy();
    await page.getByText('The connection to the mock was lost').waitFor();
    const missed = await matching();
    assert.equal(await row(page, missed.id).count(), 0);
    isDown = false;
    await row(page, missed.id).waitFor();
    await until(() => page.getByText('The connection to the mock was lost').count(), 0);
    const next = await matching();
    await row(page, next.id).waitFor();
    // Broken connections are errors for the browser, and no fault of the page.
    page.problems = page.problems.filter((problem) => !/ERR_|EventSource/.test(problem));
    await close(page);
    proxy.close();
    for (const socket of sockets) socket.destroy();
  },
};

try {
  assert.ok(parts[part], `no part is named ${part}`);
  await parts[part]();
} finally {
  await browser.close();
}
