// What node says of receivers and arguments that are no such thing.
const util = require('util');
const { EventEmitter } = require('events');
const { StringDecoder } = require('string_decoder');
const emitter = EventEmitter.prototype;

const attempts = {
  'deprecate a number': () => util.deprecate(1, 'old'),
  'inherit from nothing': () => util.inherits(function () {}, undefined),
  'inherit from an arrow': () => util.inherits(function () {}, () => 1),
  'an arrow inherits': () => util.inherits(() => 1, function () {}),
  'numbers inherit': () => util.inherits(1, 2),
  'StringDecoder without new': () => StringDecoder(),
  'on of undefined': () => emitter.on.call(undefined, 'a', () => 1),
  'emit of undefined': () => emitter.emit.call(undefined, 'a'),
  'off of null': () => emitter.off.call(null, 'a', () => 1),
  'on without a listener': () => new EventEmitter().on('x'),
  'names of any object': () => emitter.eventNames.call({}),
  'count of any object': () => emitter.listenerCount.call({}, 'x'),
  'clear a number': () => clearTimeout(5),
  'clear an object': () => clearTimeout({}),
  'is a date a proxy': () => [util.types.isProxy(new Date()), util.types.isMap(5), util.types.isUint8Array(null)],
  'swap of no buffer': () => Buffer.prototype.equals.call(Buffer.from('a'), 'a'),
  'an option that is none': () => util.parseArgs({ options: { a: 5 }, args: [] }),
  'a URL that is none': () => new URL('x', 'http://a').searchParams.get('b'),
};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    console.log(name, '->', attempt());
  } catch (error) {
    console.log(name, '->', error.name, error.code, error.message);
  }
}
for (const signal of [undefined, {}, 5]) {
  util.aborted(signal, {}).catch((error) => console.log(error.code, error.message));
}
const source = new AbortController();
util.aborted(source.signal, {}).then(() => console.log('aborted'));
source.abort();
