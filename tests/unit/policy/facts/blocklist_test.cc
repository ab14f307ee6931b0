#include "policy/facts/blocklist.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

constexpr std::string_view kTestEntry = "2.0.0.127.bl.example A 127.0.0.2\n";

Blocklist List() {
  return {.zone = "bl.example",
          .is_certain = true,
          .listed = {{std::string("\x7f\0\0\2", 4),
                      std::string("\x7f\0\0\7", 4), "bad"}},
          .dynamic_range = {{std::string("\x7f\0\0\12", 4),
                             std::string("\x7f\0\0\13", 4), "pool"}}};
}

Listing Ask(const std::string& zone, const std::string& subject = "192.0.2.10",
            const Blocklist& list = List()) {
  const auto dns = ScriptedDns::Parse(zone, "zone");
  EXPECT_TRUE(dns.has_value()) << (dns ? "" : dns.error().message);
  const Deadline deadline = In(std::chrono::milliseconds(1000));
  return AskBlocklist(list, TestBlocklist(list, **dns, deadline), subject,
                      **dns, deadline);
}

TEST(BlocklistName, IsReversedByOctetsOrNibbles) {
  EXPECT_EQ(BlocklistName(*IpAddress::Parse("192.0.2.10"), "bl.example"),
            "10.2.0.192.bl.example");
  EXPECT_EQ(BlocklistName(*IpAddress::Parse("2001:db8::1a"), "bl.example"),
            "a.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
            "bl.example");
}

TEST(AskBlocklist, TellsListedFromNot) {
  const Listing clean = Ask(std::string(kTestEntry));
  EXPECT_EQ(clean.status, ListStatus::kAnswers);
  EXPECT_EQ(clean.listed, "");
  const Listing listed =
      Ask(std::string(kTestEntry) + "10.2.0.192.bl.example A 127.0.0.4");
  EXPECT_EQ(listed.status, ListStatus::kAnswers);
  EXPECT_EQ(listed.listed, "127.0.0.4 bad");
  EXPECT_EQ(listed.dynamic_range, "");
}

TEST(AskBlocklist, NamesTheDynamicRangeApart) {
  const Listing listing = Ask(std::string(kTestEntry) +
                              "10.2.0.192.bl.example A 127.0.0.10\n"
                              "10.2.0.192.bl.example A 127.0.0.2\n");
  EXPECT_EQ(listing.listed, "127.0.0.2 bad");
  EXPECT_EQ(listing.dynamic_range, "127.0.0.10 pool");
}

TEST(AskBlocklist, ReadsARefusedQueryAsNoAnswer) {
  for (const std::string code :
       {"127.255.255.252", "127.255.255.254", "127.255.255.255"}) {
    EXPECT_EQ(
        Ask(std::string(kTestEntry) + "10.2.0.192.bl.example A " + code).status,
        ListStatus::kRefused)
        << code;
    // Refused already for the test entry: "not listed" means nothing.
    const Listing listing = Ask("2.0.0.127.bl.example A " + code);
    EXPECT_EQ(listing.status, ListStatus::kRefused) << code;
    EXPECT_EQ(listing.listed, "");
  }
}

TEST(AskBlocklist, DoesNotKnowWhatIsNotAnswered) {
  EXPECT_EQ(
      Ask(std::string(kTestEntry) + "10.2.0.192.bl.example A TEMPERROR").status,
      ListStatus::kUnknown);
  EXPECT_EQ(Ask("2.0.0.127.bl.example A TEMPERROR").status,
            ListStatus::kUnknown);
}

TEST(AskBlocklist, DoesNotBelieveAListWithoutItsTestEntry) {
  EXPECT_EQ(Ask("other.example A 192.0.2.1").status, ListStatus::kNotServed);
  // What says "listed" is there.
  EXPECT_EQ(Ask("10.2.0.192.bl.example A 127.0.0.2").listed, "127.0.0.2 bad");
}

TEST(AskBlocklist, DoesNotBelieveAListThatListsAll) {
  const Listing listing = Ask("*.bl.example A 127.0.0.2");
  EXPECT_EQ(listing.status, ListStatus::kListsAll);
  EXPECT_EQ(listing.listed, "");
}

TEST(AskBlocklist, DoesNotKnowForeignCodes) {
  // A resolver that sends typing errors to its own web server.
  EXPECT_EQ(Ask(std::string(kTestEntry) + "10.2.0.192.bl.example A 192.0.2.80")
                .status,
            ListStatus::kUnknown);
  EXPECT_EQ(Ask(std::string(kTestEntry) + "10.2.0.192.bl.example A 127.0.1.255")
                .status,
            ListStatus::kUnknown);
}

TEST(AskBlocklist, AsksForNamesAsTheyAre) {
  Blocklist list = List();
  list.lists_names = true;
  list.test_entry = "test.example";
  const std::string test = "test.example.bl.example A 127.0.0.2\n";
  EXPECT_EQ(Ask(test + "mail.example.org.bl.example A 127.0.0.2",
                "mail.example.org", list)
                .listed,
            "127.0.0.2 bad");
  EXPECT_EQ(Ask(test, "mail.example.org", list).status, ListStatus::kAnswers);
  EXPECT_EQ(Ask(test + "*.bl.example A 127.0.0.2", "a.example", list).status,
            ListStatus::kListsAll);
}

}  // namespace
}  // namespace postern
