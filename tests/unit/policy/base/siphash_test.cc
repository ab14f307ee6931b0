#include "policy/base/siphash.h"

#include <gtest/gtest.h>

#include <string>

namespace postern {
namespace {

// The vectors of the paper's appendix A and its reference code.
TEST(SipHash, AgreesWithItsAuthors) {
  const SipKey key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
  std::string octets;
  EXPECT_EQ(SipHash(key, octets), 0x726fdb47dd0e0e31u);
  for (char c = 0; c < 15; ++c) octets += c;
  EXPECT_EQ(SipHash(key, octets), 0xa129ca6149be45e5u);
}

TEST(SipHash, DependsOnTheKey) {
  EXPECT_NE(SipHash(RandomSipKey(), "a"), SipHash(RandomSipKey(), "a"));
}

}  // namespace
}  // namespace postern
