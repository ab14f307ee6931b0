#include "policy/base/ip_address.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(IpAddress, RoundTrips) {
  for (const char* text : {"192.0.2.1", "2001:db8::1", "::1"})
    EXPECT_EQ(IpAddress::Parse(text)->ToString(), text);
}

TEST(IpAddress, ReadsMappedAddressesAsV4) {
  EXPECT_EQ(IpAddress::Parse("::ffff:192.0.2.1"),
            IpAddress::Parse("192.0.2.1"));
}

TEST(IpAddress, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "1.2.3", "192.0.2.256", "example.org", "1:2"})
    EXPECT_FALSE(IpAddress::Parse(text)) << text;
  EXPECT_FALSE(IpAddress::FromOctets("12345"));
}

TEST(IpAddress, NamesItsPtr) {
  EXPECT_EQ(IpAddress::Parse("192.0.2.1")->ReverseName(),
            "1.2.0.192.in-addr.arpa");
  EXPECT_TRUE(IpAddress::Parse("2001:db8::1")
                  ->ReverseName()
                  .starts_with("1.0.0.0.0.0.0.0."));
}

TEST(IpNetwork, ContainsByPrefix) {
  const IpNetwork net = *IpNetwork::Parse("192.0.2.128/25");
  EXPECT_TRUE(net.Contains(*IpAddress::Parse("192.0.2.200")));
  EXPECT_FALSE(net.Contains(*IpAddress::Parse("192.0.2.1")));
  EXPECT_FALSE(net.Contains(*IpAddress::Parse("2001:db8::1")));
  EXPECT_TRUE(
      IpNetwork::Parse("::/0")->Contains(*IpAddress::Parse("2001:db8::1")));
}

TEST(IpNetwork, RefusesBadPrefixes) {
  for (const char* text : {"192.0.2.0/33", "192.0.2.0/", "192.0.2.0/a", "/8"})
    EXPECT_FALSE(IpNetwork::Parse(text)) << text;
}

}  // namespace
}  // namespace postern
