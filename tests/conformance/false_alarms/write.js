// Writes messages with nodemailer: node write.js FOLDER < JSON
'use strict';
const fs = require('fs');

// Debian keeps its modules where only its own node looks.
let nodemailer;
for (const name of ['nodemailer', '/usr/share/nodejs/nodemailer']) {
  try {
    nodemailer = nodemailer || require(name);
  } catch (error) {
    // the next one, or it is not installed
  }
}
if (!nodemailer) process.exit(0);
const folder = process.argv[2];
const letters = JSON.parse(fs.readFileSync(0, 'utf8'));
const transport = nodemailer.createTransport(
    {streamTransport: true, buffer: true, newline: 'windows'});

async function write(letter, kind) {
  const mail = {
    from: {name: 'Alice Example', address: 'alice@example.org'},
    to: 'Bob <bob@receiver.example>',
    subject: letter.subject,
    text: letter.text,
    headers: letter.headers,
  };
  if (kind !== 'plain') mail.html = letter.html;
  if (kind === 'attached') {
    mail.attachments = [
      {filename: 'Übersicht.csv', content: 'a;b\r\n1;2\r\n'},
      {filename: 'logo.png', content: Buffer.from(letter.png, 'base64'),
       cid: 'logo@example.org'},
    ];
    mail.icalEvent = {method: 'REQUEST', content: letter.ics};
  }
  const info = await transport.sendMail(mail);
  fs.writeFileSync(`${folder}/nodemailer-${letter.name}-${kind}.eml`,
                   info.message);
}

(async () => {
  for (const letter of letters)
    for (const kind of ['plain', 'both', 'attached']) await write(letter, kind);
})();
