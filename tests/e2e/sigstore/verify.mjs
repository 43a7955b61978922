// SPDX-License-Identifier: Apache-2.0
// node verify.mjs FOLDER: each folder in it has a bundle.json and a pub.pem. The verifier of Sigstore must take each bundle
// with its key, and none that was changed; so must Node's own crypto over an encoding that is built here from the specification.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { bundleFromJSON } from "@sigstore/bundle";
import { Verifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";

function accepts(bundle, spki) {
  const hint = bundle.verificationMaterial.publicKey.hint;
  const trust = toTrustMaterial(
    { mediaType: "", tlogs: [], ctlogs: [], certificateAuthorities: [], timestampAuthorities: [] },
    { [hint]: { rawBytes: spki, keyDetails: 0 } });
  const verifier = new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
    return true;
  } catch {
    return false;
  }
}

function nodeAccepts(bundle, key) {
  const { payload, payloadType, signatures } = bundle.dsseEnvelope;
  const body = Buffer.from(payload, "base64");
  const pae = Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `), body]);
  const digest = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  return crypto.verify(digest, pae, key, Buffer.from(signatures[0].sig, "base64"));
}

const root = process.argv[2];
const folders = readdirSync(root);
assert.ok(folders.length >= 2, "expected a bundle for each algorithm");
for (const name of folders) {
  const text = readFileSync(path.join(root, name, "bundle.json"), "utf8");
  const key = crypto.createPublicKey(readFileSync(path.join(root, name, "pub.pem")));
  const spki = key.export({ type: "spki", format: "der" });
  const bundle = JSON.parse(text);
  assert.equal(bundle.verificationMaterial.publicKey.hint, crypto.createHash("sha256").update(spki).digest("base64"));
  assert.ok(accepts(bundle, spki), `${name}: @sigstore/verify refuses the bundle`);
  assert.ok(nodeAccepts(bundle, key), `${name}: node:crypto refuses the bundle`);

  const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, "base64"));
  assert.equal(statement._type, "https://in-toto.io/Statement/v1");
  assert.match(statement.subject[0].digest.sha256, /^[0-9a-f]{64}$/);

  const body = Buffer.from(bundle.dsseEnvelope.payload, "base64");
  body[body.length - 3] ^= 1;
  const changed = structuredClone(bundle);
  changed.dsseEnvelope.payload = body.toString("base64");
  assert.ok(!accepts(changed, spki), `${name}: @sigstore/verify takes a changed statement`);
  assert.ok(!nodeAccepts(changed, key), `${name}: node:crypto takes a changed statement`);
  const other = crypto.generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "der" });
  assert.ok(!accepts(bundle, other), `${name}: @sigstore/verify takes another key`);
}
console.log(`${folders.length} bundles verified by @sigstore/verify and node:crypto`);
