#include "policy/base/public_address.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(IsPublic, KnowsThePublicInternet) {
  for (const char* text : {"1.1.1.1", "172.32.0.1", "100.128.0.1", "223.1.1.1",
                           "2606:4700::1", "2a00:1450:4001::8a"})
    EXPECT_TRUE(IsPublic(*IpAddress::Parse(text))) << text;
}

TEST(IsPublic, KnowsWhatIsNobodysOrOurs) {
  for (const char* text : {"0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.0.1",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.1.1",
                           "192.0.2.1",
                           "198.18.0.1",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:10.0.0.1",
                           "fe80::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "64:ff9b::7f00:1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:7f00:1::1"})
    EXPECT_FALSE(IsPublic(*IpAddress::Parse(text))) << text;
}

}  // namespace
}  // namespace postern
