// SPDX-License-Identifier: Apache-2.0
// The keys that records do not take. Keys and signatures by `openssl genpkey`, `openssl pkey -pubout` and
// `openssl dgst -sign` over the five bytes "hello".
#include "crypto/verifying_key.h"

#include <catch2/catch.hpp>
#include <string>

#include "crypto/bytes.h"
#include "crypto/public_key.h"

using namespace cardwarden;

namespace {

struct Vector {
  KeyAlgorithm algorithm;
  HashKind hash;
  const char* spki;       // base64
  const char* signature;  // base64
};

const Vector kVectors[] = {
    {KeyAlgorithm::rsa, HashKind::sha256,
     "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoLP5xBafwDP4kgbeuYenz733ocd4Cn87Z/50Wl+UpXYkHsfk0SHQ"
     "v9EMBasszmlBkGGMjiwaWixYCTWKe/aJJ4RRvXe7yvXSGDY9TUUB/NfQ+tvUbC/BxATP47m6DcUiVCsw3oWf9Jq00eTHY4aJ"
     "2OgoVxxvG1FIh86XYIzPuDpem5AYTbTWd0s5QLGJqTd47Ls26vokszR+JSstF/cj1vdMhgODPmzLJ5R2dKyzCICz1P52CLRv"
     "sjBCDus9HyjZbubpLfy49y1oPS7Le3NaDTW8DpcGG4HE8Po5uUE4gjjwah1BrtUoo/ckvW+aEyVA750AAYdstBe8xDDRE/pg"
     "WQIDAQAB",
     "kKl19X0yqt8/LlQmJ6or7X01hm3ZZrgIrLW/IrbiG9Qqsc3S/dqKGyn3a0SKdsJh0nwBlHyhKiM+XH8nfbcpvXFwthq5b2vU"
     "bXahdteMFgO6IzkY3I/F/W31S8d7ndid/yQDUehA6DYgrE0dxm6rdXPwa3GBu3VixSYOM8dtWXcB/IJyPVwQLIauWCHL6cX7"
     "e2UAxZ3Bw+uZI5FD+QppoFeQPZKvC7a6cLQs9BTEIx69Bylzg1R5r/SGL9M3bWK1fzkPTuH/GW/UPIJ+eFdp+2Wg1GIS8uW7"
     "fFrmITi+tMHGJS6JuNoMRSe14rBCD7EMsbzePgOYgPNwd29Gt8BvZA=="},
    {KeyAlgorithm::ecdsa_p384, HashKind::sha384,
     "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAECUmS5BbwKsepRiekyb5IPjRKl1/QTSEfUWtAtk+0iyXDY4Y3AbPNsHx4kwru9ci2"
     "6nDAIo2saX2NATJwU9mYaIffXN6Yl7eiKc+qwW02Y8/W5nuKaryfHiOSg4Ft8wFw",
     "MGUCMFsXefBec+WFd+s2abPWQ7D6UYgI+nabb9GUVK5v0D+ACpEhIiiDR6FueWV6c2isnwIxAM9mFuVqJk7g/3SehhvHLDES"
     "ZsTs1iE0Ix57arWuhavodNl7SdvxXzsUy/txqPJheg=="},
    {KeyAlgorithm::ecdsa_p521, HashKind::sha512,
     "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBqGKTR2bv+AaR4aJOKgwvJG6EPng8SqQNtMHgdiuBS5oFB9fYVnAgVNu2mbZF"
     "tCKQUusHz1smhMHiU6mFyLyHfdMBsqXe9sR2/ytptTFaN00RxfXUx7sh7ZF+Mtl9l0TP32DZyOs+HvnQi695LPphr2hc2eSF"
     "IKMs1IRHLWodpUR4w7g=",
     "MIGIAkIA+bnqksQ7+us3aZsI6RHEbh8cBUEIWMykyBSbBVUU2cOQUbDmCcjkWHgr5b2CWMQ8QWbLUP7vj514/napukbHR2IC"
     "QgCegR1mGzR5V/lxZ1eSNTutWIduTEjosvwNJE/Zv/R2ki7fH2oJOi21LlFAj8FDuaItVwL4gDzbk1QhcyVqJOcvJw=="},
};

}  // namespace

TEST_CASE("verifying key: RSA and the larger curves check what openssl signed") {
  for (const Vector& vector : kVectors) {
    CAPTURE(to_string(vector.algorithm));
    const std::string der = bytes_from_base64(vector.spki).value();
    const std::string signature = bytes_from_base64(vector.signature).value();
    const VerifyingKey key = VerifyingKey::from_spki(der).value();
    CHECK(key.algorithm() == vector.algorithm);
    CHECK(key.usual_hash() == vector.hash);
    CHECK(key.spki() == der);
    CHECK(key.verify(vector.hash, "hello", signature));
    CHECK_FALSE(key.verify(vector.hash, "hellp", signature));
    CHECK_FALSE(key.verify(vector.hash == HashKind::sha512 ? HashKind::sha256 : HashKind::sha512, "hello",
                           signature));
    CHECK_FALSE(key.verify(vector.hash, "hello", signature.substr(1)));
    CHECK_FALSE(key.verify(vector.hash, "hello", ""));
    CHECK(VerifyingKey::from_pem(pem("PUBLIC KEY", der)).value().spki() == der);
    // None of them signs records.
    CHECK_FALSE(PublicKey::from_spki(der).has_value());
  }
}

TEST_CASE("verifying key: bytes that are no key, or more than one, are refused") {
  const std::string der = bytes_from_base64(kVectors[0].spki).value();
  CHECK_FALSE(VerifyingKey::from_spki("").has_value());
  CHECK_FALSE(VerifyingKey::from_spki(der + "x").has_value());
  CHECK_FALSE(VerifyingKey::from_spki(der.substr(0, der.size() - 1)).has_value());
  CHECK(VerifyingKey::from_spki(std::string(5000, '0')).error().code == ErrorCode::too_large);
  CHECK_FALSE(VerifyingKey::from_pem("words\n" + pem("PUBLIC KEY", der)).has_value());
  CHECK_FALSE(VerifyingKey::ed25519("short").has_value());
  CHECK_FALSE(VerifyingKey::ec(KeyAlgorithm::ecdsa_p384, "\x04xx").has_value());
  CHECK_FALSE(VerifyingKey::ec(KeyAlgorithm::rsa, "\x04xx").has_value());
  CHECK_FALSE(VerifyingKey::rsa("\x03", "\x03").has_value());
  CHECK(ecdsa_der("", "1").empty());
}

TEST_CASE("hashes: the examples of FIPS 180-4 with 32, 48 and 64 bytes") {
  CHECK(sha256_hex("abc") == hex(hash_bytes(HashKind::sha256, "abc")));
  CHECK(hex(hash_bytes(HashKind::sha384, "abc")) ==
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  CHECK(hex(hash_bytes(HashKind::sha512, "abc")) ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  CHECK(sha256_hex(std::string("a\0b", 3)) != sha256_hex("ab"));
}
