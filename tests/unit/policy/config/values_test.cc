#include "policy/config/values.h"

#include <gtest/gtest.h>

#include <string>

namespace postern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Duration, ReadsEveryUnit) {
  EXPECT_EQ(ParseDuration("250ms"), milliseconds(250));
  EXPECT_EQ(ParseDuration("30s"), milliseconds(30'000));
  EXPECT_EQ(ParseDuration("5min"), milliseconds(300'000));
  EXPECT_EQ(ParseDuration("1h"), milliseconds(3'600'000));
  EXPECT_EQ(ParseDuration("7d"), milliseconds(604'800'000));
  EXPECT_EQ(ParseDuration("0s"), milliseconds(0));
}

TEST(Duration, RefusesWhatIsNone) {
  for (const std::string text :
       {"", "5", "s", "5 min", "-5s", "+5s", "1.5h", "5m", "5S", "5min ",
        "99999999999999999999s", "4000d", "5s\r", "5s\n", "5\xc2\xb5s"})
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  EXPECT_EQ(ParseDuration(std::string("5s\0", 3)), std::nullopt);
}

TEST(Duration, IsPrintedAsItWasRead) {
  for (const std::string text : {"250ms", "30s", "90s", "5min", "1h", "7d"})
    EXPECT_EQ(FormatDuration(*ParseDuration(text)), text);
  EXPECT_EQ(FormatDuration(*ParseDuration("60s")), "1min");
}

TEST(Rate, HasItsCountAsBurst) {
  const auto rate = ParseRate("100/h");
  ASSERT_TRUE(rate.has_value());
  EXPECT_EQ(rate->count, 100);
  EXPECT_EQ(rate->period, seconds(3600));
  EXPECT_EQ(rate->burst, 100);
}

TEST(Rate, MayNameBurstAndLongerPeriods) {
  const auto rate = ParseRate("30/15min burst 5");
  ASSERT_TRUE(rate.has_value());
  EXPECT_EQ(rate->count, 30);
  EXPECT_EQ(rate->period, seconds(900));
  EXPECT_EQ(rate->burst, 5);
}

TEST(Rate, RefusesWhatIsNone) {
  for (const std::string text : {"",
                                 "/",
                                 "/h",
                                 "100",
                                 "100/",
                                 "50 per fortnight",
                                 "0/h",
                                 "-1/h",
                                 "10/h burst 0",
                                 "10/h burst",
                                 "10/h burst -1",
                                 "10/h  burst 2",
                                 "10/0s",
                                 "10/ms",
                                 "10/500ms",
                                 "10/1500ms",
                                 "10/fortnight",
                                 "9999999999999/s",
                                 "10/h burst 9999999999",
                                 "10/h\n",
                                 "10/h/h",
                                 "1/d burst 1000000000"})
    EXPECT_EQ(ParseRate(text), std::nullopt) << text;
  EXPECT_EQ(ParseRate(std::string("1/h\0", 4)), std::nullopt);
}

TEST(Rate, IsPrintedAsItWasRead) {
  for (const std::string text :
       {"100/h", "60/min burst 20", "5000/d", "1/s", "30/15min burst 5"})
    EXPECT_EQ(FormatRate(*ParseRate(text)), text);
  EXPECT_EQ(FormatRate(*ParseRate("5/60s burst 5")), "5/min");
}

TEST(Size, ReadsDecimalAndBinaryUnits) {
  EXPECT_EQ(ParseSize("512"), 512);
  EXPECT_EQ(ParseSize("25MB"), 25'000'000);
  EXPECT_EQ(ParseSize("50MiB"), 52'428'800);
  for (const std::int64_t bytes : {0, 512, 25'000'000, 52'428'800})
    EXPECT_EQ(ParseSize(FormatSize(bytes)), bytes);
  EXPECT_EQ(FormatSize(16'777'216), "16MiB");
  EXPECT_EQ(ParseSize("1GiB"), std::int64_t{1} << 30);
}

TEST(Size, RefusesWhatIsNone) {
  for (const std::string text :
       {"", "MB", "-1", "1.5MB", "1 MB", "1mb", "9999GiB"})
    EXPECT_EQ(ParseSize(text), std::nullopt) << text;
}

TEST(OctalMode, ReadsPermissionBits) {
  EXPECT_EQ(ParseOctalMode("0660"), 0660U);
  EXPECT_EQ(ParseOctalMode("600"), 0600U);
  for (const std::string text :
       {"", "0", "66", "0680", "1777", "00660", "0x1f", "-660", "rw-rw----"})
    EXPECT_EQ(ParseOctalMode(text), std::nullopt) << text;
}

TEST(HostName, IsLettersDigitsAndInnerHyphens) {
  EXPECT_TRUE(IsHostName("mail.example.com"));
  EXPECT_TRUE(IsHostName("localhost"));
  EXPECT_TRUE(IsHostName(std::string(63, 'a') + ".de"));
  for (const std::string text :
       {"", ".", "mail.", ".mail", "a..b", "-a.de", "a-.de", "a_b.de", "a b.de",
        "m\xc3\xa4il.de", "a.de\r", "a.de\n"})
    EXPECT_FALSE(IsHostName(text)) << text;
  EXPECT_FALSE(IsHostName(std::string(64, 'a') + ".de"));
  EXPECT_FALSE(IsHostName(std::string("a\0b", 3)));
}

TEST(MilterSocket, IsUnixOrInet) {
  for (const std::string text :
       {"unix:/run/postern/postern.sock", "local:/x/y", "inet:8891@127.0.0.1",
        "inet:8891@localhost", "inet6:8891@::1"})
    EXPECT_TRUE(IsMilterSocket(text)) << text;
}

TEST(MilterSocket, IsNeverOpenToEverybodyUnasked) {
  EXPECT_FALSE(IsMilterSocket("inet:8891"));
  EXPECT_FALSE(IsMilterSocket("inet:8891@"));
}

TEST(MilterSocket, RefusesWhatIsNone) {
  for (const std::string text :
       {"", "unix:", "unix:/", "unix:relative", "inet:0@localhost",
        "inet:65536@localhost", "inet:x@localhost", "inet:25@::1",
        "tcp:25@localhost", "/run/x.sock", "inet:25@a b"})
    EXPECT_FALSE(IsMilterSocket(text)) << text;
  EXPECT_FALSE(IsMilterSocket("unix:/" + std::string(107, 'a')));
}

TEST(HostAndPort, MayBeAnIpv6AddressInBrackets) {
  for (const std::string text : {"127.0.0.1:25", "[::1]:10025", "localhost:25"})
    EXPECT_TRUE(IsHostAndPort(text)) << text;
  for (const std::string text :
       {"", ":25", "127.0.0.1", "127.0.0.1:", "::1:25", "[::1]", "[]:25",
        "[:25", "[127.0.0.1]:25", "a:0", "a:70000"})
    EXPECT_FALSE(IsHostAndPort(text)) << text;
}

TEST(DnsServer, IsAnAddressWithOrWithoutPort) {
  for (const std::string text : {"192.0.2.53", "127.0.0.1@5353", "::1@53"})
    EXPECT_TRUE(IsDnsServer(text)) << text;
  for (const std::string text : {"", "localhost", "127.0.0.1@", "@53", "1@2"})
    EXPECT_FALSE(IsDnsServer(text)) << text;
}

TEST(Selector, IsLabels) {
  for (const std::string text : {"s1", "2026.mail", "a_b-c"})
    EXPECT_TRUE(IsSelector(text)) << text;
  for (const std::string text : {"", ".", "a.", "a b", "a;b", "\xc3\xa4"})
    EXPECT_FALSE(IsSelector(text)) << text;
}

TEST(Sizes, ComeBackAsTheyWere) {
  for (const char* text : {"0", "1", "1500", "25MB", "50MiB", "3kB", "2GiB"})
    EXPECT_EQ(FormatSize(*ParseSize(text)), text);
}

}  // namespace
}  // namespace postern
