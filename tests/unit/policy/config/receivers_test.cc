#include "policy/config/receivers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace postern {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> NamesOf(const ReceiversRead& read) {
  std::vector<std::string> names;
  for (const ReceiverProfile& profile : read.profiles)
    names.push_back(profile.name);
  return names;
}

TEST(BuiltInReceivers, HaveNoFault) {
  const ReceiversRead read = BuiltInReceivers();
  EXPECT_EQ(ToString(read.faults), "");
  EXPECT_THAT(
      NamesOf(read),
      ElementsAre("apple", "barracuda", "charter", "comcast", "cox", "godaddy",
                  "google", "laposte", "m365", "mailru", "mimecast", "netease",
                  "orange", "outlook", "proofpoint", "qq", "t-online",
                  "united-internet", "yahoo", "yandex", "zoho", "selfhost"));
}

TEST(BuiltInReceivers, EachSayTheirSource) {
  for (const ReceiverProfile& profile : BuiltInReceivers().profiles)
    EXPECT_FALSE(profile.source.empty()) << profile.name;
}

TEST(BuiltInReceivers, HoldPublishedSizesOnly) {
  for (const ReceiverProfile& profile : BuiltInReceivers().profiles) {
    const std::map<std::string, std::int64_t> published = {
        {"apple", 28},
        {"charter", 35},
        {"google", 50},
        {"m365", 150},
        {"mimecast", 200},
        {"selfhost", 50},
        {"united-internet", 100},
        {"yahoo", 35}};
    const auto found = published.find(profile.name);
    const std::int64_t mebibytes = found == published.end() ? 0 : found->second;
    EXPECT_EQ(profile.max_message_bytes, mebibytes * 1024 * 1024)
        << profile.name;
  }
}

TEST(ParseReceivers, ReadsEveryOption) {
  const std::vector<NamedText> files = {
      {"x/one.toml",
       "mx = [\".one.example\"]\nmax_message_size = \"25MB\"\n"
       "dmarc = \"psl\"\nsmtputf8 = false\nneeds_sender_soa = true\n"
       "source = \"here\"\n"}};
  const ReceiversRead read = ParseReceivers(files);
  EXPECT_TRUE(read.faults.empty());
  const ReceiverProfile& one = read.profiles.at(0);
  EXPECT_EQ(one.name, "one");
  EXPECT_EQ(one.mx_suffixes.at(0), ".one.example");
  EXPECT_EQ(one.max_message_bytes, 25'000'000);
  EXPECT_TRUE(one.uses_public_suffix_list);
  EXPECT_EQ(one.takes_smtputf8, false);
  EXPECT_TRUE(one.needs_sender_soa);
  EXPECT_EQ(one.source, "here");
  EXPECT_EQ(read.profiles.back().takes_smtputf8, std::nullopt);
}

TEST(ParseReceivers, AlwaysHaveAFallbackAtTheEnd) {
  const std::vector<NamedText> none;
  EXPECT_THAT(NamesOf(ParseReceivers(none)), ElementsAre("selfhost"));
  const std::vector<NamedText> files = {{"a-rest.toml", ""},
                                        {"b.toml", "mx = [\".b.example\"]"}};
  EXPECT_THAT(NamesOf(ParseReceivers(files)), ElementsAre("b", "a-rest"));
}

TEST(ParseReceivers, ReportEveryFaultWithItsPlace) {
  const std::vector<NamedText> files = {
      {"x/a.toml", "mx = [\".a.example\"]\nmax_message_sise = 1\n"},
      {"x/b.toml", "mx = [\".a.example\", \"B.Example\", \"a b\"]\n"},
      {"x/c.toml", "mx ="},
      {"x/d.toml", "dmarc = \"walk\"\nmax_message_size = 25\n"},
      {"x/e.toml", ""}};
  const std::string faults = ToString(ParseReceivers(files).faults);
  EXPECT_THAT(faults,
              HasSubstr("x/a.toml:2:1: max_message_sise: unknown key; did you "
                        "mean \"max_message_size\"?"));
  EXPECT_THAT(faults, HasSubstr("x/b.toml:1:21: mx: not a suffix of MX hosts: "
                                "\"B.Example\""));
  EXPECT_THAT(faults, HasSubstr("x/b.toml:1:34: mx: not a suffix of MX hosts"));
  EXPECT_THAT(faults,
              HasSubstr("x/b.toml:1:1: mx: .a.example is claimed by a"));
  EXPECT_THAT(faults, HasSubstr("x/c.toml:1:"));
  EXPECT_THAT(faults, HasSubstr("x/d.toml:1:9: dmarc: not a way to find"));
  EXPECT_THAT(faults, HasSubstr("x/d.toml:2:20: max_message_size: not a size"));
  EXPECT_THAT(faults, HasSubstr("x/e.toml: has no MX suffix; so has d"));
}

TEST(LoadReceivers, SayWhenThereIsNoFolder) {
  const ReceiversRead read = LoadReceivers("/no/such/folder");
  ASSERT_EQ(read.faults.size(), 1U);
  EXPECT_EQ(read.faults.at(0).file, "/no/such/folder");
  EXPECT_EQ(read.profiles.back().name, "selfhost");
}

TEST(LoadReceivers, ReadTheFilesOfConf) {
  const ReceiversRead read =
      LoadReceivers(std::string(POSTERN_SOURCE_DIR) + "/conf/receivers");
  EXPECT_EQ(ToString(read.faults), "");
  EXPECT_EQ(NamesOf(read), NamesOf(BuiltInReceivers()));
}

TEST(ParseHostList, TakesCommentsCaseAndCrlf) {
  const HostListRead read =
      ParseHostList("# list\r\nBit.LY # that one\r\n\r\n  t.co\n", "l.txt");
  EXPECT_TRUE(read.faults.empty());
  EXPECT_THAT(read.hosts, ElementsAre("bit.ly", "t.co"));
}

TEST(ParseHostList, ReportsWhatIsNoHost) {
  const HostListRead read = ParseHostList(
      std::string("a.example\nhttp://b.example/\nc\0d\n", 32), "l.txt");
  EXPECT_EQ(ToString(read.faults),
            "l.txt:2:1: not a host: \"http://b.example/\"\n"
            "l.txt:3:1: not a host: \"c\\x00d\"");
  EXPECT_THAT(read.hosts, ElementsAre("a.example"));
}

TEST(BuiltInHostList, HasTheGreatMailboxProviders) {
  const HostListRead read = BuiltInHostList("lists/mailbox-providers.txt");
  EXPECT_TRUE(read.faults.empty());
  for (const char* domain :
       {"gmail.com", "yahoo.com", "yahoo.co.uk", "aol.com", "outlook.com",
        "hotmail.com", "live.com", "msn.com", "icloud.com", "mail.ru", "gmx.de",
        "web.de"})
    EXPECT_TRUE(read.hosts.contains(domain)) << domain;
  EXPECT_TRUE(BuiltInHostList("lists/nothing.txt").hosts.empty());
}

}  // namespace
}  // namespace postern
