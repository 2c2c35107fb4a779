// SPDX-License-Identifier: GPL-3.0-or-later
// holder.js RSA READY: holds a key, an AES cipher, a token in a string and one in a Buffer.
const crypto = require('crypto');
const fs = require('fs');

const key = crypto.createPrivateKey(fs.readFileSync(process.argv[2]));
crypto.sign('sha256', Buffer.from('text'), key);
const aes = crypto.randomBytes(32);
const cipher = crypto.createCipheriv('aes-256-ctr', aes, Buffer.alloc(16));
cipher.update('text');
const random = (count) => crypto.randomBytes(count).toString('hex').slice(0, count);
const token = 'sk' + '_live_' + random(32);
const buffer = Buffer.from('hv' + 's.' + random(96));
const held = { key, cipher, config: { stripe: token }, buffer };
const lines = [['aes', aes], ['stripe', Buffer.from(token)], ['vault', buffer]]
    .map(([name, value]) => `${name} ${value.toString('hex')}\n`).join('');
fs.writeFileSync(process.argv[3] + '.new', lines);
fs.renameSync(process.argv[3] + '.new', process.argv[3]);
setInterval(() => held, 1000);
