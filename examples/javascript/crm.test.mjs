// A client of one's own, tested against `hookwright mock`. No packages: node --test

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { after, before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const examples = fileURLToPath(new URL('..', import.meta.url))
const program = process.env.HOOKWRIGHT ?? 'hookwright'

// The code under test.
class Crm {
    constructor(base, key) {
        Object.assign(this, { base, key })
    }

    async fullName(userId) {
        const headers = { authorization: `Bearer ${this.key}` }
        const reply = await fetch(`${this.base}/users/${userId}?lang=en`, { headers })
        return reply.ok ? (await reply.json()).name : null
    }

    async addNote(userId, text, stars, more = {}) {
        const headers = { 'content-type': 'application/json', ...more }
        const body = JSON.stringify({ text, stars })
        return fetch(`${this.base}/users/${userId}/notes`, { method: 'POST', headers, body })
    }
}

let mock, url, crm
const control = async (path, method = 'GET') => {
    const reply = await fetch(`${url}/__hookwright/${path}`, { method })
    return reply.status === 204 ? null : reply.json()
}

before(async () => {
    // One line starts the mock; the first line that it prints says where it is.
    mock = spawn(program, ['-C', examples, 'mock', '--listen', '127.0.0.1:0', '--format', 'json'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: mock.stdout })
    url = await new Promise((ready, failed) => {
        mock.once('error', failed)
        mock.once('exit', code => failed(new Error(`the mock ended with ${code}`)))
        lines.once('line', line => ready(JSON.parse(line).url))
    })
    crm = new Crm(url, 'test-crm-key')
})

after(() => new Promise(ended => mock.removeAllListeners('exit').once('exit', ended) && mock.kill()))

beforeEach(() => control('reset', 'POST'))

test('each number has the case that gives it', async () => {
    assert.equal(await crm.fullName(42), 'Ada Lovelace')
    assert.equal(await crm.fullName(7), null)
    const verification = await control('verify')
    assert.deepEqual([verification.ok, verification.requests], [true, 2])
})

test('a case can be asked for', async () => {
    const reply = await crm.addNote(42, 'Called back', 5, { 'x-hookwright-case': 'busy' })
    assert.deepEqual([reply.status, reply.headers.get('retry-after')], [503, '1'])
})

test('what differs from the spec is found', async () => {
    assert.equal((await crm.addNote(42, 'Called back', 'five')).status, 201)
    assert.equal((await control('verify')).ok, false)
    const [newest] = (await control('requests?limit=1')).requests
    const { checks } = await control(`requests/${newest.id}`)
    assert.deepEqual(checks.filter(check => check.verdict === 'differs').map(check => check.place), ['stars'])
})
