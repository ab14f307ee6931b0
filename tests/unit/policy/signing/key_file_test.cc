// Key files that are not safe, or not files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "policy/signing/key_cache.h"
#include "policy/signing/keys.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

using testing::HasSubstr;

class KeyFileTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, mode_t mode = 0600) {
    const std::string path = scratch_.name() + "/" + name;
    std::filesystem::create_directories(
        std::filesystem::path(path).parent_path());
    std::ofstream(path) << kTestEd25519Pem;
    chmod(path.c_str(), mode);
    return path;
  }
  static std::string Fault(const std::string& path) {
    const auto key = PrivateKey::FromFile(path);
    return key ? "none" : key.error().message;
  }

  ScratchDirectory scratch_;
};

TEST_F(KeyFileTest, MayBeReadByItsGroupButNotChanged) {
  EXPECT_EQ(Fault(Write("a", 0640)), "none");
  EXPECT_THAT(Fault(Write("b", 0660)), HasSubstr("its group may change it"));
  EXPECT_THAT(Fault(Write("c", 0602)), HasSubstr("open to everybody"));
}

TEST_F(KeyFileTest, StandsInFoldersThatOthersCannotChange) {
  const std::string path = Write("open/inner/k");
  const std::string folder = scratch_.name() + "/open";
  EXPECT_EQ(Fault(path), "none");
  chmod(folder.c_str(), 0777);
  EXPECT_THAT(Fault(path), HasSubstr("everybody may change its folder " +
                                     folder + "; chmod o-w"));
  chmod(folder.c_str(), 01777);  // as /tmp
  EXPECT_EQ(Fault(path), "none");
}

TEST_F(KeyFileTest, IsJudgedWhereALinkLeads) {
  const std::string path = Write("open/k");
  chmod((scratch_.name() + "/open").c_str(), 0777);
  const std::string link = scratch_.name() + "/link";
  std::filesystem::create_symlink(path, link);
  EXPECT_THAT(Fault(link), HasSubstr("everybody may change its folder"));
}

TEST_F(KeyFileTest, IsNoFifoAndNoDevice) {
  const std::string fifo = scratch_.name() + "/fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(Fault(fifo), HasSubstr("not a regular file"));
  EXPECT_THAT(Fault("/dev/zero"), HasSubstr("not a regular file"));
  EXPECT_THAT(Fault(scratch_.name()), HasSubstr("not a regular file"));
}

TEST_F(KeyFileTest, MayHoldBase64OfDer) {
  const std::string path = scratch_.name() + "/der";
  std::ofstream(path)
      << "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n";
  chmod(path.c_str(), 0600);
  EXPECT_EQ(Fault(path), "none");
}

TEST_F(KeyFileTest, IsReadOnceByTheCache) {
  KeyCache cache;
  const KeyReference reference{.domain = *Domain::Parse("example.org"),
                               .selector = "s",
                               .file = Write("k")};
  const KeyCache::Key first = cache.Get(reference);
  std::filesystem::remove(reference.file);
  EXPECT_EQ(*cache.Get(reference), *first);
  EXPECT_EQ(cache.size(), 1u);
}

TEST_F(KeyFileTest, IsNotTriedAgainAtOnceWhenItFailed) {
  KeyCache cache;
  const KeyReference reference{.domain = *Domain::Parse("example.org"),
                               .selector = "s",
                               .file = scratch_.name() + "/late"};
  EXPECT_FALSE(cache.Get(reference));
  Write("late");
  EXPECT_FALSE(cache.Get(reference));
}

TEST(KeyCache, KeepsABoundedNumberOfKeys) {
  KeyCache cache;
  for (std::size_t i = 0; i < KeyCache::kMost + 10; ++i)
    (void)cache.Get({.domain = *Domain::Parse("example.org"),
                     .selector = "s",
                     .file = "",
                     .text = std::to_string(i)});
  EXPECT_EQ(cache.size(), KeyCache::kMost);
}

TEST(GeneratePrivateKey, MakesKeysThatSign) {
  const auto rsa = GeneratePrivateKey(KeyAlgorithm::kRsaSha256, 1024);
  EXPECT_EQ((*PrivateKey::FromPem(*rsa))->bits(), 1024);
  const auto ed = GeneratePrivateKey(KeyAlgorithm::kEd25519Sha256, 0);
  EXPECT_EQ((*PrivateKey::FromPem(*ed))->algorithm(),
            KeyAlgorithm::kEd25519Sha256);
  EXPECT_FALSE(GeneratePrivateKey(KeyAlgorithm::kRsaSha256, 512));
}

}  // namespace
}  // namespace postern
