#include "policy/base/sha256.h"

#include <gtest/gtest.h>

#include "policy/base/text.h"

namespace postern {
namespace {

// FIPS 180-4, example for "abc".
TEST(Sha256, HashesTheStandardsExample) {
  EXPECT_EQ(Base64Encode(Sha256Of("abc")),
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}

TEST(Sha256, DoesNotDependOnThePieces) {
  Sha256 sha;
  sha.Add("a");
  sha.Add("");
  sha.Add("bc");
  EXPECT_EQ(sha.Finish(), Sha256Of("abc"));
}

TEST(Sha256, HashesNothing) {
  EXPECT_EQ(Base64Encode(Sha256Of("")),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST(Sha256, IsOverAfterFinish) {
  Sha256 sha;
  EXPECT_EQ(sha.Finish().size(), 32u);
  EXPECT_EQ(sha.Finish(), "");
}

}  // namespace
}  // namespace postern
