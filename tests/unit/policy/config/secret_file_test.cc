#include "policy/config/secret_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SecretFile : public testing::Test {
 protected:
  std::string Write(const std::string& text, mode_t mode = 0600) {
    const std::string path = scratch_.name() + "/secret";
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }
  std::string ErrorOf(const std::string& text, mode_t mode = 0600) {
    const auto secrets = ReadSecretFile(Write(text, mode));
    return secrets ? "none" : secrets.error().message;
  }

  ScratchDirectory scratch_;
};

TEST_F(SecretFile, HoldsASecretALineTheNewestFirst) {
  const auto secrets = ReadSecretFile(
      Write("# new\nnnnnnnnnnnnnnnnn\n\n  oooooooooooooooooo \r\n"));
  ASSERT_TRUE(secrets) << secrets.error().message;
  EXPECT_THAT(*secrets, ElementsAre("nnnnnnnnnnnnnnnn", "oooooooooooooooooo"));
}

TEST_F(SecretFile, IsRefusedWhenEverybodyMayReadIt) {
  EXPECT_THAT(ErrorOf("nnnnnnnnnnnnnnnn\n", 0644), HasSubstr("chmod 640"));
  EXPECT_EQ(ErrorOf("nnnnnnnnnnnnnnnn\n", 0640), "none");
}

TEST_F(SecretFile, IsRefusedWithoutAGoodSecret) {
  EXPECT_THAT(ErrorOf("# none\n\n"), HasSubstr("no secret in it"));
  EXPECT_THAT(ErrorOf("short\n"), HasSubstr(":1: a secret has 16 to 512"));
  EXPECT_THAT(ErrorOf(std::string(513, 'x')), HasSubstr("16 to 512"));
  std::string many;
  for (int i = 0; i < 17; ++i) many += "nnnnnnnnnnnnnnnn\n";
  EXPECT_THAT(ErrorOf(many), HasSubstr("more than 16 secrets"));
}

TEST_F(SecretFile, ThatIsMissingSaysHowToMakeIt) {
  const auto secrets = ReadSecretFile(scratch_.name() + "/none");
  ASSERT_FALSE(secrets);
  EXPECT_THAT(secrets.error().message, HasSubstr("--new-secret"));
}

TEST_F(SecretFile, IsNoDirectory) {
  chmod(scratch_.name().c_str(), 0700);
  EXPECT_FALSE(ReadSecretFile(scratch_.name()));
}

}  // namespace
}  // namespace postern
