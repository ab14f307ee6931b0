#include "policy/facts/receiver.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace postern {
namespace {

const std::vector<ReceiverProfile>& Profiles() {
  static const std::vector<ReceiverProfile> profiles = {
      {.name = "google", .mx_suffixes = {".google.com"}},
      {.name = "m365", .mx_suffixes = {".protection.outlook.com"}},
      {.name = "outlook", .mx_suffixes = {".olc.protection.outlook.com"}},
      {.name = "mailcom", .mx_suffixes = {"mx00.mail.com"}},
      {.name = "selfhost"},
  };
  return profiles;
}

std::string NameFor(std::vector<DnsRecord> targets) {
  return ReceiverOf({DnsStatus::kOk, std::move(targets)}, Profiles()).name;
}

TEST(ReceiverOf, MatchesTheEndOfTheHost) {
  EXPECT_EQ(NameFor({{5, "gmail-smtp-in.l.google.com"}}), "google");
  EXPECT_EQ(NameFor({{5, "ASPMX.L.GOOGLE.COM"}}), "google");
}

TEST(ReceiverOf, MatchesOnLabelBoundariesOnly) {
  EXPECT_EQ(NameFor({{5, "mx.notgoogle.com"}}), "selfhost");
  EXPECT_EQ(NameFor({{5, "google.com.example.org"}}), "selfhost");
  EXPECT_EQ(NameFor({{5, "xmx00.mail.com"}}), "selfhost");
  EXPECT_EQ(NameFor({{5, "mx00.mail.com"}}), "mailcom");
  EXPECT_EQ(NameFor({{5, "a.mx00.mail.com"}}), "mailcom");
}

TEST(ReceiverOf, PrefersTheLongestSuffix) {
  EXPECT_EQ(NameFor({{2, "hotmail-com.olc.protection.outlook.com"}}),
            "outlook");
  EXPECT_EQ(NameFor({{2, "example.mail.protection.outlook.com"}}), "m365");
}

TEST(ReceiverOf, LooksAtTheBestPreferenceOnly) {
  EXPECT_EQ(NameFor({{10, "mx.example.com"}, {20, "aspmx.l.google.com"}}),
            "selfhost");
  EXPECT_EQ(NameFor({{10, "mx.example.com"}, {10, "aspmx.l.google.com"}}),
            "google");
}

TEST(ReceiverOf, IsTheFallbackWithoutAnMx) {
  EXPECT_EQ(NameFor({}), "selfhost");
  EXPECT_EQ(NameFor({{0, ""}}), "selfhost");
  EXPECT_EQ(ReceiverOf({DnsStatus::kTempError, {}}, Profiles()).name,
            "selfhost");
}

}  // namespace
}  // namespace postern
