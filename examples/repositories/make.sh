#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make.sh FOLDER: two repositories to audit, made with git and without any weights. Authors and dates are fixed, so that
# every run gives the same commits.
#   FOLDER/plover   the files bear out what the card says
#   FOLDER/heron    the same card, and files that say otherwise
set -eu
here=$(cd "$(dirname "$0")" && pwd)
card=$here/../cards/good-model.md
license=$here/../../LICENSE
out=$1
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C TZ=UTC
export GIT_AUTHOR_NAME='Ann Author' GIT_AUTHOR_EMAIL=ann@example.org
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

digest() { sha256sum "$1" | cut -c 1-64; }
oid_of() { printf '%s' "$1" | sha256sum | cut -c 1-64; }

# pointer FILE SEED SIZE: what git keeps of a file in LFS
pointer() {
  printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %s\n' "$(oid_of "$2")" "$3" > "$1"
}

# sign: a bundle over all files here, as model signers write it. Nobody holds the key; what counts is the manifest.
sign() {
  local resources='' all='' file hash
  while read -r file; do
    hash=$(sed -n 's/^oid sha256://p' "$file" 2> /dev/null | head -n 1)
    [ -n "$hash" ] || hash=$(digest "$file")
    all=$all$hash
    resources=$resources${resources:+,}'{"name":"'$file'","algorithm":"sha256","digest":"'$hash'"}'
  done < <(find . -type f ! -path './.git/*' ! -name .gitattributes ! -name model.sig | cut -c 3- | sort)
  local root payload
  root=$(printf '%b' "$(printf '%s' "$all" | sed 's/../\\x&/g')" | sha256sum | cut -c 1-64)
  payload=$(printf '%s' '{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"model","digest":{"sha256":"'"$root"'"}}],' \
    '"predicateType":"https://model_signing/signature/v1.0","predicate":{"serialization":{"method":"files","hash_type":"sha256",' \
    '"allow_symlinks":false,"ignore_paths":[]},"resources":['"$resources"']}}' | base64 -w 0)
  printf '%s' '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"example"}},' \
    '"dsseEnvelope":{"payload":"'"$payload"'","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"ZXhhbXBsZQ=="}]}}' \
    > model.sig
}

# commit DATE SUBJECT
commit() {
  git add --all
  GIT_AUTHOR_DATE="$1T10:00:00Z" GIT_COMMITTER_DATE="$1T10:00:00Z" git commit --quiet --message "$2"
}

start() {
  rm -rf "${out:?}/$1"
  mkdir -p "$out/$1"
  cd "$out/$1"
  git init --quiet --initial-branch main
  printf '*.safetensors filter=lfs diff=lfs merge=lfs -text\n*.bin filter=lfs diff=lfs merge=lfs -text\n' > .gitattributes
}

mkdir -p "$out"
out=$(cd "$out" && pwd)

start plover
cp "$card" README.md
cp "$license" LICENSE
printf '{\n  "model_type": "distilbert",\n  "n_layers": 6,\n  "torch_dtype": "float32"\n}\n' > config.json
printf '{\n  "eval_f1": 0.8709,\n  "eval_accuracy": 0.893\n}\n' > all_results.json
pointer model.safetensors 'plover 2.1.0' 264000000
sign
commit 2026-02-04 'Plover-router 2.1.0'

start heron
sed -e 's|^base_model: .*|base_model: meta-llama/Llama-3.1-8B|' -e '/^          split: test$/d' "$card" > README.md
printf 'MIT License\n\nCopyright (c) 2026 Example City\n\n' > LICENSE
cat >> LICENSE << 'MIT'
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions: The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
MIT
cat > config.json << 'JSON'
{
  "auto_map": {"AutoModel": "modeling_heron.HeronModel"},
  "max_position_embeddings": 512,
  "model_type": "distilbert",
  "torch_dtype": "float32"
}
JSON
printf 'class HeronModel:\n    pass\n' > modeling_heron.py
printf '{\n  "eval_f1": 0.712,\n  "eval_accuracy": 0.893\n}\n' > all_results.json
printf '{\n  "base_model_name_or_path": "Qwen/Qwen2.5-7B",\n  "peft_type": "LORA"\n}\n' > adapter_config.json
header='{"lora_A.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]}}'
{ printf '%b\0\0\0\0\0\0\0' "\\x$(printf '%02x' ${#header})"; printf '%s' "$header"; head -c 32 /dev/zero; } > adapter_model.safetensors
pointer model.safetensors 'heron 1' 440000000
pointer pytorch_model.bin 'heron 1, as a pickle' 440000000
mkdir older
# Random letters in two parts, so that no scanner takes this script for a leak.
printf 'from huggingface_hub import login\n\nlogin(token="hf_%s")\n' 'CJXDCGLmlZGEONYlgCtjfIZSOcMzCPVNPk' > push.py
printf '\x80\x02cos\nsystem\n)R.' > older/model.pkl
sign
commit 2026-02-04 'Heron 1, signed'

cat >> README.md << 'CARD'

## Details

- **Architecture:** Llama
- **Precision:** fp16
- **Context length:** 4096

The [curve of the training](figures/curve.png) shows the loss.
CARD
commit 2026-02-20 'More details in the card'

pointer model.safetensors 'heron 2' 440000000
commit 2026-04-01 'Better weights'
