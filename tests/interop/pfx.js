// A PFX (RFC 7292) around a key and its certificate, without any password: the way a bare key gets
// into the package, in Node or in a page.

/**
 * @param {Uint8Array} key PKCS#8
 * @param {Uint8Array} certificate DER
 */
export function pfx(key, certificate) {
  const bags = sequence(
    bag(oid('1.2.840.113549.1.12.10.1.1'), key),
    bag(
      oid('1.2.840.113549.1.12.10.1.3'),
      sequence(oid('1.2.840.113549.1.9.22.1'), explicit(octets(certificate))),
    ),
  );
  return sequence(integer(3), data(sequence(data(bags))));
}

const bag = (id, value) => sequence(id, explicit(value));
const data = (content) => sequence(oid('1.2.840.113549.1.7.1'), explicit(octets(content)));
const sequence = (...values) => tlv(0x30, ...values);
const explicit = (value) => tlv(0xa0, value);
const octets = (bytes) => tlv(0x04, bytes);
const integer = (number) => tlv(0x02, Uint8Array.of(number));

function oid(text) {
  const [first, second, ...arcs] = text.split('.').map(Number);
  const base128 = (arc) => (arc < 128 ? [arc] : [...base128(arc >> 7).map((b) => b | 128), arc & 127]);
  return tlv(0x06, Uint8Array.from([first * 40 + second, ...arcs].flatMap(base128)));
}

function tlv(tag, ...values) {
  const length = values.reduce((sum, { length }) => sum + length, 0);
  const head = length < 128 ? [length] : [0x82, length >> 8, length & 255];
  return Uint8Array.from([tag, ...head, ...values.flatMap((value) => [...value])]);
}
