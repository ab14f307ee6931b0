// Our reading of URLs beside Node's URL, which passes the web platform tests
// and shares no code with ours.
//
//   node node_agrees_on_urls.mjs URL_READS [COUNT [SEED]]
//
// Compared are scheme, host, port, userinfo, query and fragment of the tricky
// URLs below, each alone and behind each scheme, and of COUNT random ones.
// SPDX-License-Identifier: Apache-2.0
import {spawnSync} from 'node:child_process';

const [program, count = '20000', seed = '1'] = process.argv.slice(2);

const SCHEMES = ['http:', 'https:', 'HtTp:', 'ftp:', 'ws:', 'wss:', 'file:',
  'foo:', 'mailto:', 'javascript:', 'data:', 'blob:', 'ms-word:', 'a+b-c.d:',
  ' http:', '\u0001https:', 'ht\ntp:', '1http:', ':', '', 'http', 'tel:'];
const RESTS = ['//good.example\\@evil.example/', '//good.example@evil.example/',
  '//a@b@evil.example#@x', '\\\\evil.example', 'evil.example', '////evil.example',
  '/\\evil.example', '///evil.example', '//e\tvil.exa\nmple', '//evil\uff0eexample',
  '//b\u00fccher.example', '//b%C3%BCcher.example', '//%65vil.example',
  '//ev\u00adil.example', '//evil.example.', '//evil.example..', '//', '/', '',
  '//a..b/', '//.../', '//.a', '//a b/', '//a%00b/', '//a%20b/', '//a%2fb/',
  '//a%40b/', '//h:99999/', '//h:x/', '//h:/', '//h:80/', '//h:443', '//h:21',
  '//h:0', '//h:00080', '//h:65535', '//h:65536', '//h:8 0', '//:80/', '//u@/',
  '//u@:80/', '//@h', '//:@h', '//u:@h', '//:p@h', '//u:p@h:81/', '//u:p:q@h',
  '//u%40v@h', '//127.0.0.1', '//0x7f.1', '//2130706433', '//017700000001',
  '//0177.0.0.01.', '//127.0.0.0x1', '//0x', '//0x.0x', '//1.2.3.4.5',
  '//256.1.1.1', '//1.2.3.08', '//4294967296', '//4294967295', '//a.1',
  '//1.a', '//a.0x', '//a.0xg', '//1.2.3.', '//1..2', '//\uff11\uff12\uff17.0.0.1',
  '//1%32%37.1', '//\u2460\u2461\u2462', '//[2001:DB8::1]:80/', '//u@[::1]',
  '//[::1', '//[1.2.3.4]', '//[::1.2.3.4]', '//[::ffff:1.2.3.4]', '//[::1]x',
  '//[::1]:x', '//[::1%25eth0]', '//[1:2:3:4:5:6:7:8]', '//[1:2:3:4:5:6:7::]',
  '//[1::2::3]', '//[::01.2.3.4]', '//[::00001]', '//[]', '//[', '//]', '//a[b',
  '//a]b', '//a[:80', '//xn--a', '//xn--a.example', '//xn--', '//xn--bcher-kva.de',
  '//XN--BCHER-KVA.de', '//xn--80ak6aa92e.com', '//\u0430\u0440\u0440\u04cf\u0435.com',
  '//fa\u00df.de', '//a\u200db', '//a\u200cb', '//\u0628\u200c\u0628.com',
  '//\u05d0a', '//a\u05d0', '//\u2100', '//\ufffd', '//a\ufffdb', '//\u00ad',
  '//a--b', '//-a-', '//ab--c', '//a_b', '//a*b', '//a!b', "//a'b", '//a(b)',
  '//a;b', '//a,b', '//a=b', '//a&b', '//a+b', '//a$b', '//a~b', '//a`b', '//a{b}',
  '//a"b', '//a<b', '//a>b', '//a^b', '//a|b', '//a%', '//a%zz', '//a%7Fb',
  '//a\u007fb', '//\u3002', '//a\u3002b', '//a\uff61b', '//\ud83d\udca9.la',
  '//C:/x', '//C|/x', '/C:/x', 'C|\\x', '//c:', '//localhost/x', '//LOCALHOST',
  '//%6cocalhost', 'user@example.com', 'alert(1)', '//evil.example/%0aalert(1)',
  '//h?q=a#f', '//h#f?q', '//h\\p?q\\r#f\\g', '//h/?url=http://x@y/#z', '?q', '#f',
  '//h?', '//h#', '//h??', '//h/p;a=b', '//\u00e9.example:8080/\u00e9?\u00e9#\u00e9',
  '//' + 'a'.repeat(64) + '.com', '//' + 'a.'.repeat(200) + 'com',
  '//\u1e9e.de', '//\u03c2.gr', '//\u212a.com', '//\u0131.com', '//\u2024.com'];
const ATOMS = ['a', 'B', 'evil', 'example', 'com', '.', '.', '.', ':', '/', '/',
  '\\', '@', '?', '#', '%', '%2e', '%65', '%00', '[', ']', '::', '1', '0x7f',
  '08', '256', '80', '443', '\t', '\n', ' ', '\u00e9', '\u00df', '\u200d', '\u0430',
  '\uff0e', '\uff21', '\u00ad', '\u05d0', '\u0661', '\ud83d\udca9', 'xn--',
  'xn--bcher-kva', '-', '_', '*', '!', ';', '<', '|', '^', '&', '='];

// Mulberry32: the same cases for the same seed.
let state = Number(seed) >>> 0;
function random(below) {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % below;
}
const any = (list) => list[random(list.length)];

function randomUrl() {
  let text = any(SCHEMES) + (random(8) ? '//' : any(['', '/', '\\\\', '///']));
  if (random(4) === 0) return text + any(RESTS);
  for (let i = random(10); i >= 0; --i) text += any(ATOMS);
  return text;
}

const urls = [];
for (const scheme of SCHEMES) for (const rest of RESTS) urls.push(scheme + rest);
for (let i = 0; i < Number(count); ++i) urls.push(randomUrl());

const hex = (text) => Buffer.from(text, 'utf8').toString('hex');
const unhex = (text) => Buffer.from(text, 'hex').toString('utf8');
const run = spawnSync(program, {input: urls.map(hex).join('\n') + '\n',
  maxBuffer: 1 << 28, encoding: 'utf8'});
if (run.status !== 0) {
  console.error(`${program} failed: ${run.error ?? run.stderr}`);
  process.exit(1);
}
const lines = run.stdout.split('\n');

// Escaping is Node's business: both sides without it.
function plain(text) {
  const from = Buffer.from(text, 'utf8').toString('latin1');
  return from.replace(/%([0-9a-fA-F]{2})/g,
    (all, digits) => String.fromCharCode(parseInt(digits, 16)));
}

function theirs(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return 'refused';
  }
  const colon = url.username || url.password ? ':' : '';
  return [url.protocol.slice(0, -1), url.hostname, url.port,
    plain(url.username + colon + url.password), plain(url.search.slice(1)),
    plain(url.hash.slice(1))].join(' | ');
}

function ours(line) {
  if (line === 'refused') return line;
  let [scheme, host, port, userinfo, query, fragment] =
    line.split('\t').map((field, i) => i === 2 ? field : unhex(field));
  // We take a mapped address for the IPv4 address that it is.
  host = host.replace(/^\[([^:]+)\]$/, '[::ffff:$1]');
  if (host.startsWith('[')) host = new URL(`http://${host}/`).hostname;
  if (userinfo && !userinfo.includes(':')) userinfo += ':';
  return [scheme, host, port, plain(userinfo), plain(query),
    plain(fragment)].join(' | ');
}

// The standard demands the Bidi rule (RFC 5893), as do browsers; Node's parser
// does not know it.
const breaksBidi = (url, got) =>
  got === 'refused' && /[\u0590-\u08ff]/.test(url);

let refused = 0, bidi = 0, wrong = 0;
urls.forEach((url, i) => {
  const expected = theirs(url), got = ours(lines[i]);
  if (expected === 'refused') ++refused;
  if (expected === got) return;
  if (breaksBidi(url, got)) return ++bidi;
  if (++wrong <= 20)
    console.log(`${JSON.stringify(url)}\n  node ${expected}\n  ours ${got}`);
});
console.log(`${urls.length} URLs, ${refused} refused by both, ` +
  `${bidi} by the Bidi rule, ${wrong} differ`);
process.exit(wrong ? 1 : 0);
