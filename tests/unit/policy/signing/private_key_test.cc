#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "policy/base/text.h"
#include "policy/signing/keys.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

using testing::HasSubstr;

std::string FileWith(std::string_view name, std::string_view text,
                     mode_t mode) {
  // Of this process alone: ctest runs tests side by side.
  static const ScratchDirectory scratch;
  const std::string path = scratch.name() + "/" + std::string(name);
  std::ofstream(path) << text;
  chmod(path.c_str(), mode);
  return path;
}

TEST(PrivateKey, ReadsPkcs1AndPkcs8) {
  EXPECT_EQ((*PrivateKey::FromPem(kTestRsa2048Pem))->bits(), 2048);
  EXPECT_EQ((*PrivateKey::FromPem(kTestRsa1024Pem))->bits(), 1024);
}

// RFC 8463 appendix A.1
TEST(PrivateKey, KnowsThePublicHalfOfEd25519) {
  const auto key = *PrivateKey::FromPem(kTestEd25519Pem);
  EXPECT_EQ(key->algorithm(), KeyAlgorithm::kEd25519Sha256);
  EXPECT_EQ(key->public_base64(),
            "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
}

TEST(PrivateKey, PublishesRsaAsSubjectPublicKeyInfo) {
  const auto key = *PrivateKey::FromPem(kTestRsa1024Pem);
  EXPECT_TRUE(key->public_base64().starts_with("MIGfMA0GCSqGSIb3DQEBAQUA"));
}

TEST(PrivateKey, SignsAsLongAsItsKey) {
  EXPECT_EQ((*PrivateKey::FromPem(kTestRsa1024Pem))->Sign("x").size(), 128u);
  EXPECT_EQ((*PrivateKey::FromPem(kTestRsa2048Pem))->Sign("x").size(), 256u);
  EXPECT_EQ((*PrivateKey::FromPem(kTestEd25519Pem))->Sign("x").size(), 64u);
}

TEST(PrivateKey, RefusesWhatIsNoKey) {
  std::string broken(kTestRsa2048Pem);
  broken[150] = broken[150] == 'A' ? 'B' : 'A';  // in the modulus
  for (const std::string& pem :
       {std::string(), std::string("garbage"), broken,
        std::string(kTestRsa2048Pem.substr(0, 500)), std::string(100'000, 'x'),
        std::string("-----BEGIN PRIVATE KEY-----\n\0\n", 30)})
    EXPECT_FALSE(PrivateKey::FromPem(pem));
}

TEST(PrivateKey, RefusesOtherKindsOfKey) {
  // A P-256 key, and an RSA key of 512 bits.
  constexpr std::string_view kEc = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0x98vVshbN7G2hlp
RbF0afSHqp5JRHjP0gDDi+B/ZuKhRANCAAQMCt0izY6Zf9K9Wy0elVgeLgLL+TV7
Q9WEHLzGy5znyRoGAparQiZ+d6tfKDR6x0oQ1L2RUOwRnhQdgKkwqlog
-----END PRIVATE KEY-----
)";
  constexpr std::string_view kShort = R"(-----BEGIN PRIVATE KEY-----
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEAtSG7MRx+HThSBOQD
Vl0ETLVNTm/gbwXZkKTguxZeSXgIkyhXmEYtl3ETod78Uf1L2n8bpuz9nq/Epvcw
hf4aFQIDAQABAkBiE5emagUnkT1oBIaCFu+jEXCAjjd6JjK+DWjaJKx9HqZjIGpB
e6y5U1ZbgNHDphiWn20JHXjdV8r/j7UB8IABAiEA1+la/kEQEQrZO8c0MFGwv4na
IDWOg/DwBqcfXy6KShUCIQDWwzu6t63SLcycB1fIO2Xlk8dlXvgqN3J9sovDMKiQ
AQIhAKBX3ol/jAz7/4PTVkCkChzUpTbSTzpRDhACwNuQ1oZZAiAyu+hOUbn0XvFp
IqrwGGgX9fMy1V6WyoZ3f0hZEhOgAQIhAJfU/cxCAuZMlzhrP6SiGJQV7R5VNHHd
1djIADFE5diA
-----END PRIVATE KEY-----
)";
  EXPECT_EQ(PrivateKey::FromPem(kEc).error().message,
            "neither an RSA nor an Ed25519 key");
  EXPECT_THAT(PrivateKey::FromPem(kShort).error().message,
              HasSubstr("an RSA key of 512 bits"));
}

TEST(PrivateKey, NeverAsksForAPassphrase) {
  constexpr std::string_view kEncrypted =
      R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhHy0YuUQ1UEAICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEHdozD9Y9Czy0KjZIobUctoEQM2N
rxREiWclT4ipQVAAkR3ytNTJtaWnz5zotpZTLMlix5vYTkQ5ZxopO8TcP6tz5l/r
OFs2e3NOQ5+yh/j1+cw=
-----END ENCRYPTED PRIVATE KEY-----
)";
  EXPECT_THAT(PrivateKey::FromPem(kEncrypted).error().message,
              HasSubstr("the key is encrypted"));
}

TEST(PrivateKey, IsReadFromAFileOfItsGroup) {
  const auto key =
      PrivateKey::FromFile(FileWith("group.pem", kTestEd25519Pem, 0640));
  EXPECT_TRUE(key);
}

TEST(PrivateKey, RefusesAFileThatEverybodyMayRead) {
  const std::string path = FileWith("open.pem", kTestEd25519Pem, 0644);
  const auto key = PrivateKey::FromFile(path);
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error().message, HasSubstr("chmod 640 " + path));
}

TEST(PrivateKey, NamesTheFileThatIsMissing) {
  const auto key = PrivateKey::FromFile("/nowhere/x.pem");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message, "/nowhere/x.pem: No such file or directory");
}

TEST(PrivateKey, RefusesADirectoryAndALongFile) {
  EXPECT_THAT(PrivateKey::FromFile("/tmp").error().message,
              HasSubstr("not a regular file"));
  EXPECT_THAT(
      PrivateKey::FromFile(FileWith("long.pem", std::string(70'000, 'x'), 0600))
          .error()
          .message,
      HasSubstr("too long"));
}

TEST(PrivateKey, SignsInManyThreads) {
  const auto key = *PrivateKey::FromPem(kTestRsa1024Pem);
  const std::string expected = key->Sign("same octets");
  std::vector<std::string> signatures(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& signature : signatures)
      threads.emplace_back([&key, &signature] {
        for (int i = 0; i < 50; ++i) signature = key->Sign("same octets");
      });
  }
  EXPECT_THAT(signatures, testing::Each(expected));
}

}  // namespace
}  // namespace postern
