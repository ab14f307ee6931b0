#include "policy/base/siphash.h"

#include <string>

#include <gtest/gtest.h>

namespace postern {
namespace {

// The key and messages of the authors' own vectors: octets 0, 1, 2, ...
constexpr SipKey kKey = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};

std::string Counting(int size) {
  std::string octets;
  for (int i = 0; i < size; ++i) octets += static_cast<char>(i);
  return octets;
}

TEST(SipHash, AgreesWithItsAuthors) {
  EXPECT_EQ(SipHash(kKey, Counting(0)), 0x726fdb47dd0e0e31u);
  EXPECT_EQ(SipHash(kKey, Counting(1)), 0x74f839c593dc67fdu);
  EXPECT_EQ(SipHash(kKey, Counting(8)), 0x93f5f5799a932462u);
  EXPECT_EQ(SipHash(kKey, Counting(15)), 0xa129ca6149be45e5u);
}

TEST(SipHash, DependsOnTheKey) {
  EXPECT_NE(SipHash(kKey, "a"), SipHash({}, "a"));
}

}  // namespace
}  // namespace postern
